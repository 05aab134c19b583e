/** The record of a strategy: its eight steps, each with what it found, or why it was left out. */

import { h, icon, keyed, setText } from "./dom.js";
import { counted, dateAndTime, duration, span, timeOfDay } from "./format.js";

const ICONS = { pending: "clock", running: "cycle", completed: "check", failed: "warning", stopped: "stop" };
const LEVELS = { completed: "success", failed: "warning", stopped: "warning" };
const WORDS = { pending: "Pending", running: "At work", completed: "Done", failed: "Left out", stopped: "Stopped" };

export function stepsView({ urls }) {
  const list = document.getElementById("steps");
  // What the server wrote is for readers without scripts; the same steps come from the log.
  list.replaceChildren();
  return ({ state, details }) => {
    const rows = new Map(details.steps.map((row) => [row.number, row]));
    keyed(list, state.steps, {
      key: ({ number }) => String(number),
      create: (step) => h("li", { class: "line", "data-testid": `step-${step.number}` }, icon(ICONS.pending), body(step)),
      update: (element, step) => update(element, step, rows.get(step.number), urls),
    });
  };
}

function body({ number, title }) {
  const head = h("summary", {}, h("span", { class: "line-text" }, `${number}. ${title}`), h("span", { class: "line-end" }, h("span", { class: "line-state" }), h("time", {})));
  return h("div", { class: "line-body" }, h("p", { class: "step-brief" }), h("details", { class: "iteration" }, head, h("div", { class: "iteration-body" })));
}

function update(element, step, row, urls) {
  element.dataset.level = LEVELS[step.state] ?? "info";
  if (element.dataset.state !== step.state) {
    element.dataset.state = step.state;
    element.querySelector(".icon").replaceWith(icon(ICONS[step.state]));
  }
  const details = element.querySelector("details");
  details.dataset.state = step.state;
  setText(element.querySelector(".line-state"), WORDS[step.state]);
  const time = element.querySelector("time");
  const at = step.finishedAt ?? step.startedAt;
  time.title = dateAndTime(at);
  setText(time, timeText(step, at));
  setText(element.querySelector(".step-brief"), brief(step));
  write(element.querySelector(".iteration-body"), step, row, urls);
}

function timeText({ state, durationMs, estimatedSeconds }, at) {
  if (durationMs !== null) return duration(durationMs);
  if (state === "running" && estimatedSeconds) return `about ${span(Math.max(1, estimatedSeconds))}`;
  return timeOfDay(at);
}

function brief({ state, achievement, error }) {
  return state === "failed" ? `This part is missing. ${error?.message ?? ""}` : achievement;
}

/** Write what is behind a step again only when there is more of it. */
function write(element, step, row, urls) {
  const findings = row?.findings ?? [];
  const gaps = row?.gaps ?? [];
  const signature = JSON.stringify([step.cards.length, step.lines.length, findings.length, gaps.length, step.state]);
  if (element.dataset.signature === signature) return;
  element.dataset.signature = signature;
  const lesson = step.cards.find(({ phase }) => phase === "start");
  const fallback = step.cards.find(({ phase }) => phase === "fallback");
  element.replaceChildren(
    ...(lesson ? [h("p", {}, lesson.description), h("ul", {}, ...lesson.details.map((text) => h("li", {}, text)))] : []),
    ...(fallback ? [h("p", {}, h("strong", {}, "Instead: "), fallback.fallback)] : []),
    ...(findings.length ? [h("h4", {}, counted(findings.length, "finding")), h("ul", {}, ...findings.map((one) => findingLine(one, urls)))] : []),
    ...(gaps.length ? [h("h4", {}, counted(gaps.length, "gap")), h("ul", {}, ...gaps.map(({ task }) => h("li", {}, task)))] : []),
  );
}

function findingLine({ framework, cell, text, citations }, { sources }) {
  const cited = citations.map(({ document, sentence }) =>
    h("a", { class: "cite", href: `${sources}${encodeURIComponent(document)}/#s${sentence}` }, `${document}#${sentence}`),
  );
  return h("li", {}, h("strong", {}, `${framework}, ${cell}: `), text, " ", ...cited);
}
