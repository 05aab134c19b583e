/** The state badge, the live dot, the counters, and the frameworks in the rail. */

import { h, keyed, setText, show, slot } from "./dom.js";

const STATES = { waiting: "Waiting for approval" };

const LIVE = {
  connecting: "Connecting…",
  open: "Live",
  reconnecting: "Reconnecting",
  offline: "Offline",
  polling: "Checking regularly",
  closed: "Ended",
};

export function headView({ plan }) {
  const badge = document.getElementById("state-badge");
  const live = document.getElementById("live");
  const metrics = document.getElementById("metrics");
  const chips = document.getElementById("framework-chips");
  const dot = document.querySelector("#history-list [aria-current] .state-dot");
  const counters = new Map([...document.querySelectorAll("[data-metric]")].map((one) => [one.dataset.metric, one]));
  return ({ state, details, connection, intent }) => {
    const shown = intent === "cancelling" && !state.finished ? "cancelling" : state.runState;
    setBadge(badge, shown);
    if (dot) dot.dataset.state = state.runState;
    live.dataset.state = connection.state;
    setText(slot(live, "text"), liveText(connection));
    for (const [name, value] of Object.entries(figures(state, details, plan))) setText(counters.get(name), value);
    // The outcome has them all once more.
    show(metrics, !(state.runState === "completed" && state.finalPlan));
    const names = frameworksOf(state, details);
    keyed(chips, names, { key: (name) => name, create: (name) => h("li", {}, name) });
    show(document.getElementById("frameworks-none"), names.length === 0);
  };
}

/** Write a state into its badge. */
export function setBadge(holder, name) {
  const badge = holder.firstElementChild;
  badge.dataset.state = name;
  setText(badge, STATES[name] ?? `${name[0].toUpperCase()}${name.slice(1)}${name === "cancelling" ? "…" : ""}`);
}

/** The words beside the live dot. */
export function liveText({ state, details }) {
  if (state !== "closed") return LIVE[state];
  return { finished: "Ended", signed_out: "Signed out" }[details.reason] ?? "Not connected";
}

function figures(state, details, plan) {
  const { metrics } = details;
  const max = state.maxIterations ?? plan.max_iterations;
  const done = state.iterations.filter((one) => one.state === "completed").length;
  const final = state.finalPlan ?? {};
  return {
    frameworks: String(final.frameworks ?? Math.max(state.counts.frameworks, metrics.frameworks ?? 0)),
    data_points: String(final.dataPoints ?? Math.max(state.counts.dataPoints, metrics.data_points ?? 0)),
    iterations: state.finished ? String(done) : `${done} of ${Math.max(max, done)}`,
    checkpoints: String(state.checkpoints.length),
  };
}

function frameworksOf(state, details) {
  const known = details.iterations.flatMap((one) => one.frameworks);
  return [...new Set([...known, ...state.frameworks])];
}
