/** A checkpoint's card in the timeline: what was reached, what was decided, and the way to branch. */

import { glyph, h, setText, show } from "./dom.js";
import { figures } from "./gate-content.js";
import { timeOfDay } from "./format.js";

const DECISIONS = {
  approve: "Approved",
  approve_all: "Approved, with all that follow",
  revise: "Sent back for revision",
  reject: "Rejected",
  expired: "Expired",
};

/** Build the card in `body`; returns the function that brings it up to date. */
export function checkpointCard(body, number, { branch, gates, markdown }) {
  const parts = {
    figures: h("dl", { class: "figures" }),
    text: h("div", { class: "prose" }),
    decision: h("p", { class: "decided" }),
    review: h("button", { type: "button", class: "button primary small", on: { click: () => gates.open() } }, `Review checkpoint ${number}`),
    branch: h("button", { type: "button", class: "button quiet small" }, glyph("branch"), "Branch from here"),
  };
  const summary = h("summary", {}, glyph("chevron", "glyph chevron"), "Summary");
  const details = h("details", { class: "checkpoint-summary" }, summary, parts.text);
  const end = h("div", { class: "checkpoint-end" }, parts.decision, parts.review, parts.branch);
  body.append(h("section", { class: "card checkpoint", "aria-label": `Checkpoint ${number}`, "data-testid": `checkpoint-${number}` }, parts.figures, details, end));
  let latest = null;
  let drawn = "";
  let written = null;
  parts.branch.addEventListener("click", () => branch.open(latest));
  const write = () => {
    if (!details.open || written === latest?.summary) return;
    written = latest.summary;
    parts.text.replaceChildren(markdown(latest.summary));
  };
  details.addEventListener("toggle", write);
  return ({ state, details: plan }) => {
    const one = state.checkpoints.find((each) => each.number === number);
    if (!one) return;
    const rows = plan.checkpoints.find((each) => each.number === number);
    latest = { ...one, summary: one.summary ?? rows?.summary ?? "" };
    const signature = JSON.stringify([one.frameworks, one.dataPoints, rows?.deltas]);
    if (signature !== drawn) {
      drawn = signature;
      parts.figures.replaceChildren(...figures({ frameworks: one.frameworks.length, data_points: one.dataPoints }, rows?.deltas));
    }
    setText(parts.decision, decided(one));
    show(parts.review, state.pendingGate?.id === one.gate?.id && Boolean(one.gate) && gates.isAsking);
    write();
  };
}

function decided({ decision, decidedBy, decidedAt, comment }) {
  if (!decision) return "Waiting for a decision";
  const by = decidedBy ? ` by ${decidedBy}` : "";
  const at = decidedAt ? ` at ${timeOfDay(decidedAt)}` : "";
  return `${DECISIONS[decision] ?? decision}${by}${at}${comment ? `: “${comment}”` : ""}`;
}
