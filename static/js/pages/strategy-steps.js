/** The record of a strategy: its eight steps, each with what it found, or why it was left out. */

import { glyph, h, icon, keyed, setText } from "./dom.js";
import { dateAndTime, duration, span, timeOfDay } from "./format.js";
import { activity, dataPoints, findings, lesson, list } from "./found.js";

const ICONS = { pending: "clock", running: "cycle", completed: "check", failed: "warning", stopped: "stop" };
const LEVELS = { completed: "success", failed: "warning", stopped: "warning" };
const WORDS = { pending: "Pending", running: "At work", completed: "Done", failed: "Left out", stopped: "Stopped" };

export function stepsView(context) {
  const container = document.getElementById("steps");
  const lines = new WeakMap();
  // What the server wrote is for readers without scripts; the same steps come from the log.
  container.replaceChildren();
  return ({ state, details }) => {
    const rows = new Map(details.steps.map((row) => [row.number, row]));
    keyed(container, state.steps, {
      key: ({ number }) => String(number),
      create: (step) => create(step, lines, context),
      update: (element, step) => lines.get(element)(step, rows.get(step.number)),
    });
  };
}

function create({ number, title }, lines, context) {
  const word = h("span", { class: "line-state" });
  const time = h("time", {});
  const brief = h("span", { class: "step-brief" });
  const content = h("div", { class: "iteration-body" });
  const end = h("span", { class: "line-end" }, word, time);
  const summary = h("summary", {}, glyph("chevron", "glyph chevron"), h("span", { class: "line-text" }, `${number}. ${title}`), end, brief);
  const details = h("details", { class: "iteration" }, summary, content);
  const element = h("li", { class: "line", "data-testid": `step-${number}` }, icon(ICONS.pending), h("div", { class: "line-body" }, details));
  let latest = null;
  let drawn = "";
  const draw = () => {
    if (!details.open || !latest) return;
    const [step, row] = latest;
    const signature = [step.state, step.lines.length, step.cards.length, row?.state, row?.findings.length].join();
    if (signature === drawn) return;
    drawn = signature;
    content.replaceChildren(...sections(step, row, context));
  };
  details.addEventListener("toggle", draw);
  lines.set(element, (step, row) => {
    latest = [step, row];
    if (element.dataset.state !== step.state) element.querySelector(".icon").replaceWith(icon(ICONS[step.state]));
    element.dataset.level = LEVELS[step.state] ?? "info";
    element.dataset.state = details.dataset.state = step.state;
    setText(word, WORDS[step.state]);
    setText(brief, briefOf(step));
    const at = step.finishedAt ?? step.startedAt;
    time.title = dateAndTime(at);
    setText(time, timeText(step, at));
    draw();
  });
  return element;
}

function timeText({ state, durationMs, estimatedSeconds }, at) {
  if (durationMs !== null) return duration(durationMs);
  if (state === "running" && estimatedSeconds) return `about ${span(Math.max(1, estimatedSeconds))}`;
  return timeOfDay(at);
}

function briefOf({ state, achievement, error }) {
  return state === "failed" ? `This part is missing. ${error?.message ?? ""}` : achievement;
}

function sections(step, row, context) {
  const fallback = step.cards.find(({ phase }) => phase === "fallback");
  const parts = [fallback ? h("p", {}, h("strong", {}, "Instead: "), fallback.fallback) : null];
  if (row) parts.push(findings(row.findings, context), dataPoints(row.data_points, context), list("Insights", row.insights, context.markdown));
  if (row) parts.push(list("Gaps", row.gaps.map((gap) => `${gap.task} (${gap.framework}: ${gap.cell})`)));
  const taught = step.cards.filter(({ phase }) => phase === "start" || phase === "working");
  parts.push(...taught.map(lesson), activity(step.lines, step.state === "running"));
  return parts.filter(Boolean);
}
