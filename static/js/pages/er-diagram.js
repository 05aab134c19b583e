/**
 * The tables of a data model and what refers to what, as a drawing.
 *
 * The tables stand under each other, keys first; the relationships run beside them, each in a
 * lane of its own, with a fork where many rows may refer to one.
 */

import { h } from "./dom.js";
import { drawn, label, s } from "./svg.js";

const LINE = 18;
const HEAD = 24;
const GAP = 16;
const LANE = 14;
const FORK = 10;
const MOST_COLUMNS = 6;
const LETTER = 6.4;

/** @param {{ tables: any[], relationships: any[] }} model */
export function erDiagram(model) {
  const holder = h("div", { class: "er", role: "img", "aria-label": spoken(model), "data-testid": "er-diagram" });
  return drawn(holder, (width) => draw(model, width));
}

function spoken({ tables, relationships }) {
  const names = tables.map(({ name }) => name).join(", ");
  const links = relationships.map((one) => `${one.table} refers to ${one.to_table}`).join("; ");
  return `The tables ${names}. ${links || "Nothing refers to anything else"}.`;
}

function draw({ tables, relationships }, width) {
  const lanes = lanesOf(tables, relationships);
  const right = width - (lanes.length ? (lanes.length + 1) * LANE : 0) - 2;
  const boxes = new Map();
  let top = 1;
  for (const table of tables) {
    const box = boxOf(table, relationships, top);
    boxes.set(table.name, box);
    top += box.height + GAP;
  }
  const height = Math.max(40, top - GAP + 2);
  const drawings = tables.map((table) => boxDrawing(boxes.get(table.name), right));
  const links = lanes.map((relationship, lane) => link(relationship, boxes, right, right + (lane + 1) * LANE));
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false" }, ...drawings, ...links);
}

/** Near tables are joined on the inner lanes, so that lines cross little. */
function lanesOf(tables, relationships) {
  const at = new Map(tables.map(({ name }, index) => [name, index]));
  const known = relationships.filter((one) => at.has(one.table) && at.has(one.to_table));
  return known.sort((a, b) => Math.abs(at.get(a.table) - at.get(a.to_table)) - Math.abs(at.get(b.table) - at.get(b.to_table)));
}

/** Keys and columns that refer come first, since they are what the lines lead to. */
function boxOf(table, relationships, top) {
  const referring = relationships.filter((one) => one.table === table.name).flatMap((one) => one.columns);
  const referred = relationships.filter((one) => one.to_table === table.name).flatMap((one) => one.to_columns);
  const first = new Set([...table.primary_key, ...referring, ...referred]);
  const ordered = [...table.columns].sort((a, b) => Number(first.has(b.name)) - Number(first.has(a.name)));
  const shown = ordered.slice(0, Math.max(MOST_COLUMNS, first.size));
  const more = ordered.length - shown.length;
  const lines = shown.map(({ name }) => ({ name, mark: table.primary_key.includes(name) ? "key" : referring.includes(name) ? "reference" : "" }));
  const height = HEAD + (lines.length + (more ? 1 : 0)) * LINE + 6;
  return { name: table.name, top, height, lines, more };
}

function boxDrawing({ name, top, height, lines, more }, right) {
  const most = Math.floor((right - 16) / LETTER);
  const rows = lines.map((line, at) => {
    const y = top + HEAD + at * LINE + 15;
    const mark = line.mark ? label(line.mark === "key" ? "PK" : "FK", right - 8, y, { anchor: "end", kind: `er-mark ${line.mark}` }) : null;
    return s("g", {}, label(line.name, 10, y, { kind: `er-column ${line.mark}`, most: most - 4 }), mark);
  });
  return s(
    "g",
    {},
    s("rect", { x: 1, y: top, width: right - 1, height, rx: 6, class: "er-box" }),
    s("path", { d: `M1 ${top + HEAD}H${right}`, class: "er-rule" }),
    label(name, 10, top + 17, { kind: "er-name", most }),
    ...rows,
    more ? label(`and ${more} more`, 10, top + HEAD + lines.length * LINE + 15, { kind: "er-more" }) : null,
  );
}

/** From the column that refers, with its fork, to the one that is referred to. */
function link({ table, columns, to_table: to, to_columns: toColumns, kind }, boxes, right, lane) {
  const [from, target] = [placeOf(boxes.get(table), columns[0]), placeOf(boxes.get(to), toColumns[0])];
  const fork = kind === "many_to_one" ? `M${right} ${from - 5}L${right + FORK} ${from}L${right} ${from + 5}` : `M${right + 5} ${from - 5}V${from + 5}`;
  const bend = Math.min(6, Math.abs(target - from) / 2);
  const down = Math.sign(target - from) || 1;
  const way = `M${right} ${from}H${lane - bend}Q${lane} ${from} ${lane} ${from + bend * down}V${target - bend * down}Q${lane} ${target} ${lane - bend} ${target}H${right}`;
  return s(
    "g",
    { class: "er-link" },
    s("title", {}, `${table}.${columns.join("+")} refers to ${to}.${toColumns.join("+")}`),
    s("path", { d: way }),
    s("path", { d: fork }),
    s("path", { d: `M${right + 5} ${target - 5}V${target + 5}` }),
  );
}

function placeOf(box, column) {
  const at = box.lines.findIndex(({ name }) => name === column);
  return at < 0 ? box.top + HEAD / 2 : box.top + HEAD + at * LINE + 10;
}
