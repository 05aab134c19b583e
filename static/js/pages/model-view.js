/** The data model: what the data consists of, how good it is, and what to know about it. */

import { glyph, h } from "./dom.js";
import { erDiagram } from "./er-diagram.js";
import { counted } from "./format.js";
import { percent, value } from "./numbers.js";

const QUALITY = [
  ["completeness", "Complete", "cells that are not empty"],
  ["uniqueness", "Unique", "rows that repeat no other"],
  ["validity", "Valid", "columns of one plausible type"],
  ["integrity", "Linked", "references that are found"],
];

const SEVERITY = { error: "cross", warning: "warning", info: "lines" };

export function modelView({ api, session }) {
  const holder = document.getElementById("model");
  let asked = "";
  return ({ state }) => {
    const known = state.dataModel ? `${state.dataModel.name} ${state.dataModel.rows ?? ""}` : "";
    if (!known || asked) return;
    asked = known;
    api.getModel(session.id).then(
      (model) => holder.replaceChildren(...draw(model, api.modelAddress(session.id))),
      () => (asked = ""),
    );
  };
}

function draw(model, address) {
  const { tables, relationships, quality, issues, recommendations } = model;
  return [
    h("p", { class: "model-summary" }, model.summary),
    section("Quality", qualityView(quality)),
    tables.length > 1 ? section("Structure", erDiagram(model)) : null,
    section(counted(tables.length, "table"), ...tables.map((table) => tableView(table, tables.length <= 2))),
    relationships.length ? section("Relationships", h("ul", { class: "relationships" }, ...relationships.map(relationship))) : null,
    issues.length ? section("Worth knowing", h("ul", { class: "issues", "data-testid": "issues" }, ...issues.map(issue))) : null,
    recommendations.length ? section("Recommended", h("ul", { class: "texts" }, ...recommendations.map((text) => h("li", {}, text)))) : null,
    h("p", { class: "model-end" }, h("a", { class: "button quiet small", href: address, download: "" }, glyph("download"), "Download as YAML")),
  ].filter(Boolean);
}

function section(title, ...content) {
  return h("section", { class: "panel-section" }, h("h2", {}, title), ...content);
}

function qualityView(quality) {
  const meters = QUALITY.map(([name, label, what]) =>
    h("li", { title: `${label}: share of ${what}` }, h("span", {}, label), h("meter", { min: 0, max: 100, low: 60, high: 90, optimum: 100, value: quality[name], "aria-label": `${label}: ${what}` }), h("span", { class: "number" }, tenths(quality[name]))),
  );
  return h(
    "div",
    { class: "quality", "data-testid": "quality" },
    h("p", { class: "quality-score" }, h("strong", {}, tenths(quality.score)), h("span", { class: "muted" }, " of 100")),
    h("ul", { class: "quality-parts" }, ...meters),
  );
}

/** Not rounded up to a hundred that it is not. */
function tenths(one) {
  return String(Math.floor(one * 10) / 10);
}

function tableView({ name, rows, columns, primary_key: key, duplicates, source }, open) {
  const body = h("tbody", {}, ...columns.map((column) => columnRow(column, key, rows)));
  const head = h("tr", {}, ...["Column", "Empty", "Range"].map((text) => h("th", { scope: "col" }, text)));
  const table = h("table", { class: "columns" }, h("thead", {}, head), body);
  return h(
    "details",
    { class: "model-table", open, "data-testid": `table-${name}` },
    h("summary", {}, glyph("chevron", "glyph chevron"), h("strong", { class: "mono" }, name), h("span", { class: "muted" }, `${value(rows)} rows × ${columns.length}`)),
    h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": `Columns of ${name}` }, table),
    h("p", { class: "muted" }, [`From ${source}`, duplicates ? counted(duplicates, "row") + " repeated" : ""].filter(Boolean).join(", ")),
  );
}

function columnRow({ name, type, kind, nulls, distinct, minimum, maximum, top }, key, rows) {
  const isKey = key.includes(name);
  const mark = isKey ? [glyph("key"), h("span", { class: "visually-hidden" }, "primary key ")] : [];
  const range = minimum !== null && maximum !== null ? `${value(minimum)} – ${value(maximum)}` : top?.length ? `${top.slice(0, 3).map((one) => value(one.value)).join(", ")}${distinct > 3 ? "…" : ""}` : "";
  return h(
    "tr",
    {},
    h("th", { scope: "row", class: isKey ? "key" : null }, ...mark, name, h("span", { class: "column-kind", title: type }, kind)),
    h("td", { class: nulls ? "some" : null }, rows ? percent(nulls / rows) : ""),
    h("td", { class: "range", title: `${counted(distinct, "distinct value")}` }, range),
  );
}

function relationship({ table, columns, to_table: to, to_columns: toColumns, kind, coverage, declared }) {
  const words = `${kind.replaceAll("_", " ")}, ${percent(coverage)} found${declared ? ", declared" : ""}`;
  return h("li", {}, h("span", { class: "mono" }, `${table}.${columns.join("+")} → ${to}.${toColumns.join("+")}`), h("span", { class: "muted" }, words));
}

function issue({ severity, table, column, message }) {
  const where = column ? `${table}.${column}` : table;
  return h("li", { data: { severity } }, glyph(SEVERITY[severity] ?? "lines"), h("p", {}, h("span", { class: "visually-hidden" }, `${severity}: `), h("span", { class: "mono" }, where), " ", message));
}
