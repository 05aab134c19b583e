/** What a gate's dialog shows of its payload: exactly that, as the digest stands for it. */

import { glyph, h } from "./dom.js";
import { span } from "./format.js";

const NAMES = {
  frameworks: "Frameworks",
  data_points: "Data points",
  insights: "Insights",
  gaps: "Gaps",
  findings: "Findings",
  gaps_closed: "Gaps closed",
};

/** Figures with what is new since the last checkpoint. */
export function figures(counts, deltas = {}) {
  const names = [...new Set([...Object.keys(counts), ...Object.keys(deltas)])].filter((name) => name in counts || deltas[name]);
  return names.map((name) => {
    const delta = deltas[name];
    const known = name in counts;
    const change = delta ? h("span", { class: "delta" }, `${delta > 0 ? "+" : ""}${delta}`, h("span", { class: "visually-hidden" }, " since the last checkpoint")) : null;
    const value = h("dd", {}, known ? String(counts[name]) : null, known && change ? " " : null, change);
    return h("div", {}, h("dt", {}, NAMES[name] ?? name.replaceAll("_", " ")), value);
  });
}

export function proposalFigures({ max_iterations: iterations, checkpoint_interval: interval }) {
  return [
    h("div", {}, h("dt", {}, "Iterations"), h("dd", {}, String(iterations))),
    h("div", {}, h("dt", {}, "Checkpoint every"), h("dd", {}, interval === 1 ? "iteration" : `${interval} iterations`)),
    h("div", {}, h("dt", {}, "Questions for you"), h("dd", {}, String(Math.floor(iterations / interval)))),
  ];
}

export function checkpointFigures(payload) {
  const counts = { frameworks: payload.frameworks.length, data_points: payload.data_points };
  return figures(counts, payload.deltas ?? {});
}

export function proposalExtra({ questions = [] }) {
  if (!questions.length) return [];
  return [h("h3", {}, "What the documents leave open"), texts(questions)];
}

export function checkpointExtra({ frameworks = [], insights = [], next = "" }, markdown) {
  return [
    ...(frameworks.length ? [h("h3", {}, "Frameworks so far"), h("ul", { class: "chips" }, ...frameworks.map((name) => h("li", {}, name)))] : []),
    ...(next ? [h("h3", {}, "What follows if you approve"), h("p", {}, next)] : []),
    ...(insights.length ? [fold(`Insights (${insights.length})`, texts(insights, markdown))] : []),
  ];
}

/** A list of texts; with `markdown` their citations become links. */
export function texts(all, markdown = (text) => text) {
  return h("ul", { class: "texts" }, ...all.map((text) => h("li", {}, markdown(text))));
}

function fold(title, content) {
  return h("details", { class: "fold" }, h("summary", {}, glyph("chevron", "glyph chevron"), title), content);
}

/** How long there is to decide, and what happens then. */
export function deadlineText({ deadline, on_expiry: policy }, now = Date.now()) {
  if (!deadline) return "";
  const seconds = (new Date(deadline).getTime() - now) / 1000;
  if (seconds <= 0) return "The deadline has passed.";
  const then = { expire: "then the plan stops", reject: "then it counts as rejected", approve: "then it goes on by itself" }[policy];
  return `${span(seconds)} left to decide${then ? `, ${then}` : ""}`;
}
