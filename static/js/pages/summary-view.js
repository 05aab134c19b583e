/** The statistics of a result, with its chart. */

import { chartFigure } from "./chart.js";
import { h } from "./dom.js";
import { value } from "./numbers.js";

const COLUMNS = [
  ["Column", ({ column }) => column],
  ["Values", ({ count }) => value(count)],
  ["Missing", ({ nulls }) => value(nulls)],
  ["Mean", ({ mean }) => value(mean)],
  ["Std", ({ deviation }) => value(deviation)],
  ["Least", ({ minimum }) => value(minimum)],
  ["Most", ({ maximum }) => value(maximum)],
];

/** @param {{ statistics: any[], chart: any }} summary */
export function summaryView({ statistics, chart }) {
  const figure = chartFigure(chart);
  if (!figure && !statistics.length) return null;
  return h("section", { class: "summary", "aria-label": "Data summary", "data-testid": "part-summary" }, figure, statistics.length ? statisticsTable(statistics) : null);
}

function statisticsTable(statistics) {
  // A column that says nothing of any row is left out.
  const shown = COLUMNS.filter(([, read], at) => at < 2 || statistics.some((one) => read(one) !== "" && read(one) !== "0"));
  const head = h("tr", {}, ...shown.map(([name], at) => h("th", { scope: "col", class: at ? "number" : null }, name)));
  const rows = statistics.map((one) =>
    h("tr", {}, ...shown.map(([, read], at) => (at ? h("td", { class: "number" }, read(one)) : h("th", { scope: "row" }, read(one))))),
  );
  const table = h("table", {}, h("caption", {}, "Data summary"), h("thead", {}, head), h("tbody", {}, ...rows));
  return h("div", { class: "table-scroll statistics", tabindex: "0", role: "region", "aria-label": "Statistics" }, table);
}
