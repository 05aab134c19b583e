/** The state badge, the live dot and the counters of a strategy. */

import { setText, show, slot } from "./dom.js";
import { liveText, setBadge } from "./head-view.js";

export function strategyHead() {
  const badge = document.getElementById("state-badge");
  const live = document.getElementById("live");
  const estimate = document.getElementById("estimate");
  const dot = document.querySelector("#history-list [aria-current] .state-dot");
  const counters = new Map([...document.querySelectorAll("[data-metric]")].map((one) => [one.dataset.metric, one]));
  return ({ state, details, connection, intent }) => {
    setBadge(badge, intent === "cancelling" && !state.finished ? "cancelling" : state.runState);
    if (dot) dot.dataset.state = state.runState;
    live.dataset.state = connection.state;
    setText(slot(live, "text"), liveText(connection));
    if (estimate) show(estimate, !state.finished);
    for (const [name, value] of Object.entries(figures(state, details))) setText(counters.get(name), value);
  };
}

/** The log is there first; the rows count a figure that two steps read only once. */
function figures(state, { metrics, steps }) {
  const done = state.steps.filter((one) => one.state === "completed");
  const known = steps.filter((one) => one.state === "completed").length >= done.length;
  const sum = (name) => done.reduce((total, { counts }) => total + (counts?.[name] ?? 0), 0);
  const frameworks = new Set(done.flatMap(({ counts }) => counts?.frameworks ?? []));
  return {
    steps: state.finished ? String(done.length) : `${done.length} of ${state.steps.length}`,
    frameworks: String(frameworks.size),
    findings: String(known ? metrics.findings : sum("findings")),
    data_points: String(known ? metrics.data_points : sum("dataPoints")),
  };
}
