/** The rows of a result as a table; numbers stand under each other. */

import { h } from "./dom.js";
import { value } from "./numbers.js";

const MOST_ROWS = 100;

/** @param {{ columns: string[], rows: any[][], row_count: number }} result */
export function resultTable(result, name = "Result") {
  const shown = result.rows.slice(0, MOST_ROWS);
  const isNumeric = result.columns.map((_, at) => shown.some((row) => typeof row[at] === "number") && shown.every((row) => row[at] === null || typeof row[at] === "number"));
  const kind = (at) => (isNumeric[at] ? "number" : null);
  const head = h("tr", {}, ...result.columns.map((column, at) => h("th", { scope: "col", class: kind(at) }, column)));
  const rows = shown.map((row) => h("tr", {}, ...row.map((one, at) => h("td", { class: kind(at) }, cell(one)))));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  const scroller = h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": name }, table);
  const more = result.row_count > shown.length ? h("p", { class: "muted table-more" }, `The first ${shown.length} of ${value(result.row_count)} rows.`) : null;
  return h("div", { class: "result-table" }, scroller, more);
}

function cell(one) {
  return one === null ? h("span", { class: "null", title: "No value" }, "null") : value(one);
}

/** A result as tab-separated text, for spreadsheets. */
export function asText({ columns, rows }) {
  const plain = (one) => (one === null ? "" : String(one).replace(/[\t\r\n]+/g, " "));
  return [columns, ...rows].map((row) => row.map(plain).join("\t")).join("\n");
}
