/** One iteration: a line that opens to its findings, figures, gaps and what the agents did. */

import { glyph, h, setText } from "./dom.js";
import { counted, duration } from "./format.js";
import { activity, dataPoints, findings, lesson, list } from "./found.js";

const WORD = {
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  rejected: "Stopped",
  expired: "Stopped",
};

/** Build the line in `body`; returns the function that brings it up to date. */
export function iterationLine(body, line, number, time, context) {
  const state = h("span", { class: "line-state" });
  const took = h("span", { class: "duration", "data-testid": `duration-${number}` });
  const found = h("span", { class: "line-found" });
  const content = h("div", { class: "iteration-body" });
  const summary = h(
    "summary",
    {},
    glyph("chevron", "glyph chevron"),
    h("span", { class: "line-text" }, line.text),
    h("span", { class: "line-end" }, found, state, took, time),
  );
  const details = h("details", { class: "iteration", "data-testid": `iteration-${number}` }, summary, content);
  body.append(details);
  let latest = null;
  let drawn = "";
  const draw = () => {
    if (!details.open || !latest) return;
    const [one, rows] = latest;
    const signature = [one.state, one.progress.length, one.cards.length, rows?.state, rows?.findings.length].join();
    if (signature === drawn) return;
    drawn = signature;
    content.replaceChildren(...sections(one, rows, context));
  };
  details.addEventListener("toggle", draw);
  return (store) => {
    const one = store.state.iterations.find((each) => each.number === number);
    if (!one) return;
    const rows = store.details.iterations.find((each) => each.number === number && each.state === "completed");
    latest = [one, rows];
    details.dataset.state = one.state;
    setText(state, WORD[one.state] ?? one.state);
    setText(took, duration(one.durationMs));
    setText(found, one.state === "completed" ? counted(one.dataPoints, "data point") : "");
    draw();
  };
}

function sections(one, rows, context) {
  const parts = [];
  if (rows?.focus) parts.push(h("p", { class: "focus" }, rows.focus));
  for (const followed of rows?.followed ?? []) parts.push(h("p", { class: "followed" }, followed));
  if (rows) parts.push(findings(rows.findings, context), dataPoints(rows.data_points, context), list("Insights", rows.insights, context.markdown));
  if (rows) parts.push(list("Gaps", rows.gaps.map((gap) => `${gap.task} (${gap.framework}: ${gap.cell})`)));
  parts.push(...one.cards.map(lesson), activity(one.progress, !rows));
  return parts.filter(Boolean);
}
