/** A small chart of a result, with its values as a table for those who cannot or would not see it. */

import { drawBars, drawRows } from "./chart-bars.js";
import { drawPoints } from "./chart-points.js";
import { glyph, h } from "./dom.js";
import { isNumber, value } from "./numbers.js";
import { drawn } from "./svg.js";

const NAMES = { bar: "Bar chart", line: "Line chart", scatter: "Scatter plot", histogram: "Histogram" };

const LONG_LABEL = 9;
const MOST_COLUMNS = 8;
const MOST_IN_TABLE = 200;

/** @param {{ kind: string, title: string, x_label: string, y_label: string, x: any[], series: { name: string, values: any[] }[] }} chart */
export function chartFigure(chart) {
  if (!chart || chart.kind === "none" || !chart.x.length) return null;
  const canvas = h("div", { class: "chart-canvas", role: "img", "aria-label": spoken(chart) });
  drawn(canvas, (width) => draw(chart, width));
  return h(
    "figure",
    { class: "chart", "data-testid": "chart", data: { kind: chart.kind } },
    h("figcaption", {}, chart.title),
    chart.series.length > 1 ? legend(chart) : null,
    canvas,
    values(chart),
  );
}

function draw(chart, width) {
  if (chart.kind === "line" || chart.kind === "scatter") return drawPoints(chart, width);
  return lies(chart) ? drawRows(chart, width) : drawBars(chart, width);
}

/** Whether bars lie: where there are many, or their names are long. */
function lies({ kind, x }) {
  if (kind !== "bar") return false;
  return x.length > MOST_COLUMNS || x.some((one) => value(one).length > LONG_LABEL);
}

function spoken({ kind, title, x, series, y_label: what }) {
  const all = series.flatMap((one) => one.values).filter(isNumber);
  const range = all.length ? `, from ${value(Math.min(...all))} to ${value(Math.max(...all))}` : "";
  return `${NAMES[kind] ?? "Chart"}: ${title}. ${x.length} values of ${what || "the result"}${range}. The table below has them all.`;
}

function legend({ series }) {
  const items = series.map((one, index) => h("li", {}, h("span", { class: `swatch series-${index % 6}`, "aria-hidden": "true" }), one.name));
  return h("ul", { class: "legend" }, ...items);
}

function values({ x, series, x_label: first, title }) {
  const body = h("tbody", {});
  const head = h("tr", {}, h("th", { scope: "col" }, first || "x"), ...series.map((one) => h("th", { scope: "col", class: "number" }, one.name)));
  const table = h("table", {}, h("thead", {}, head), body);
  const details = h(
    "details",
    { class: "chart-values" },
    h("summary", {}, glyph("chevron", "glyph chevron"), "Values"),
    h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": `Values of ${title}` }, table),
  );
  details.addEventListener("toggle", () => {
    if (!details.open || body.childElementCount) return;
    body.append(...x.slice(0, MOST_IN_TABLE).map((name, row) =>
      h("tr", {}, h("th", { scope: "row" }, value(name)), ...series.map((one) => h("td", { class: "number" }, value(one.values[row])))),
    ));
    if (x.length > MOST_IN_TABLE) details.append(h("p", { class: "muted" }, `The first ${MOST_IN_TABLE} of ${x.length}.`));
  });
  return details;
}
