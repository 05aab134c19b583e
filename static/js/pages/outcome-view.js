/** How a plan ended, or why it stands still, and what to do next. */

import { WORDS } from "../plan/index.js";
import { h, icon, show } from "./dom.js";

const KEPT = "What was found so far stays below.";

export function outcomeView({ actions, branch, urls, user }) {
  const section = document.getElementById("outcome");
  let drawn = "";
  return ({ state, intent }) => {
    const outcome = outcomeOf(state);
    if (!show(section, Boolean(outcome))) return;
    const last = state.checkpoints.at(-1) ?? null;
    const signature = JSON.stringify([outcome, last?.number, intent, state.entity, state.finalPlan && figuresOf(state.finalPlan)]);
    if (signature === drawn) return;
    drawn = signature;
    section.dataset.kind = outcome.kind;
    const next = h("div", { class: "outcome-actions" });
    if (outcome.paused && user.may_change) next.append(button("Resume", () => actions.resume(), "primary"));
    if (state.finished && last) next.append(button(`Branch from checkpoint ${last.number}`, () => branch.open(last)));
    if (state.finished) next.append(h("a", { class: "button quiet", href: urls.again }, "Start again with the same goal"));
    if (state.finalPlan) next.append(h("a", { class: "button quiet", href: "#timeline-title" }, "How it was made"));
    section.replaceChildren(icon(outcome.icon), h("div", { class: "outcome-body" }, ...words(outcome, state), next));
  };
}

function button(text, click, kind = "quiet") {
  return h("button", { type: "button", class: `button ${kind}`, on: { click } }, text);
}

function words(outcome, state) {
  const parts = [h("h2", {}, outcome.title)];
  if (outcome.text) parts.push(h("p", {}, outcome.text));
  if (state.runState === "completed" && state.finalPlan) parts.push(figures(state.finalPlan));
  if (state.entity) {
    const [before] = WORDS.saved("").split(/(?<=: )$/);
    parts.push(h("p", { class: "saved" }, icon("disk"), before, h("a", { href: state.entity.url }, state.entity.slug)));
  }
  return parts;
}

function figures(final) {
  const items = figuresOf(final).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))));
  return h("dl", { class: "outcome-figures", "data-testid": "final-figures" }, ...items);
}

function figuresOf({ iterations, checkpoints, frameworks, dataPoints }) {
  return [["Iterations", iterations], ["Checkpoints", checkpoints], ["Frameworks", frameworks], ["Data points", dataPoints]];
}

function outcomeOf(state) {
  const checkpoint = state.checkpoints.at(-1);
  const comment = checkpoint?.comment || state.proposal?.comment;
  const by = checkpoint?.decidedBy ?? state.proposal?.decidedBy;
  switch (state.runState) {
    case "completed":
      return { kind: "success", icon: "check", title: WORDS.completed() };
    case "failed":
      return { kind: "error", icon: "cross", title: WORDS.failed(state.error?.message ?? "unknown error"), text: KEPT };
    case "cancelled":
      return { kind: "quiet", icon: "stop", title: WORDS.cancelled(), text: KEPT };
    case "rejected":
      return {
        kind: "quiet",
        icon: "cross",
        title: checkpoint ? WORDS.rejected(checkpoint.number) : WORDS.proposalRejected(),
        text: [by && `Decided by ${by}`, comment && `“${comment}”`].filter(Boolean).join(": "),
      };
    case "expired":
      return {
        kind: "warning",
        icon: "clock",
        title: checkpoint ? WORDS.expired(checkpoint.number) : WORDS.proposalExpired(),
        text: "Nobody decided before the deadline. Start again with a longer time to decide, or branch from a checkpoint.",
      };
    case "paused":
      return { kind: "info", icon: "pause", paused: true, title: WORDS.paused(), text: "Nothing is lost. It goes on where it stopped, whenever you resume it." };
    default:
      return null;
  }
}
