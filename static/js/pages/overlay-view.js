/** What goes on right now, pinned to the bottom: step, progress, time, a card, and the controls. */

import { h, setText, show, slot } from "./dom.js";
import { deadlineText } from "./gate-content.js";
import { span } from "./format.js";
import { choose, setting } from "./settings.js";

export function overlayView({ actions, gates, user }) {
  const overlay = document.getElementById("overlay");
  const action = (name) => overlay.querySelector(`[data-action=${name}]`);
  action("pause").addEventListener("click", () => actions.pause());
  action("resume").addEventListener("click", () => actions.resume());
  action("cancel").addEventListener("click", () => actions.cancel());
  action("review").addEventListener("click", () => gates.open());
  connectMinimise(overlay, action("minimise"));
  const card = cardView(overlay);
  let latest = null;
  const draw = (store) => {
    const { state, intent } = store;
    if (!show(overlay, !state.finished)) return;
    const operation = operationOf(state);
    const asking = state.runState === "waiting" && state.pendingGate && gates.isAsking;
    overlay.dataset.status = asking ? "asking" : operation.status;
    setText(slot(overlay, "name"), nameOf(state, operation, asking));
    setText(slot(overlay, "step"), operation.step ? `Iteration ${operation.step} of ${operation.total}` : "");
    setText(slot(overlay, "message"), messageOf(state, operation, { intent, asking, gates }));
    setText(slot(overlay, "elapsed"), operation.startedAt && !asking && state.runState !== "paused" ? span((Date.now() - new Date(operation.startedAt)) / 1000) : "");
    slot(overlay, "progress").value = state.progress;
    card(asking || state.runState === "paused" ? null : operation.card);
    buttons(action, store, { asking, user, gates });
  };
  setInterval(() => latest && !overlay.hidden && !document.hidden && draw(latest), 1000);
  return (store) => draw((latest = store));
}

const NOTHING_YET = { name: "Preparing the proposal", step: null, total: null, message: "Waiting for a worker.", startedAt: null, status: "queued", card: null };

function operationOf(state) {
  return state.operation ?? NOTHING_YET;
}

function nameOf(state, operation, asking) {
  if (asking) return "Waiting for a decision";
  if (state.runState === "paused") return "Paused";
  return operation.name;
}

function messageOf(state, operation, { intent, asking, gates }) {
  if (intent === "cancelling") return "Cancelling…";
  if (asking) return deadlineText(state.pendingGate);
  if (state.runState === "waiting") return "Sending your decision…";
  if (intent === "pausing") return `Pausing when iteration ${operation.step ?? 1} is done…`;
  if (state.runState === "paused") return "Nothing is lost. Resume whenever you like.";
  if (state.retry) return `Trying again: ${state.retry.error?.message ?? "something went wrong"}`;
  if (gates.isSending) return "Sending your decision…";
  return [operation.agent, operation.message].filter(Boolean).join(": ");
}

function buttons(action, { state, intent }, { asking, user, gates }) {
  const paused = state.runState === "paused";
  const working = state.runState === "running" || state.runState === "queued";
  const review = action("review");
  if (show(review, Boolean(asking))) setText(review, reviewText(state.pendingGate, gates.mayAnswer()));
  show(action("pause"), user.may_change && working && !intent && state.iterations.length > 0);
  show(action("resume"), user.may_change && (paused || intent === "pausing"));
  show(action("cancel"), user.may_change && intent !== "cancelling");
}

function reviewText({ kind, checkpoint }, mayAnswer) {
  const verb = mayAnswer ? "Review" : "Look at";
  return kind === "checkpoint" ? `${verb} checkpoint ${checkpoint}` : `${verb} proposal`;
}

function connectMinimise(overlay, button) {
  const draw = () => {
    const open = setting("overlay") === "open";
    overlay.dataset.minimised = String(!open);
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute("aria-label", open ? "Minimise" : "Show progress");
    button.title = open ? "Minimise" : "Show progress";
  };
  button.addEventListener("click", () => {
    choose("overlay", setting("overlay") === "open" ? "closed" : "open");
    draw();
  });
  draw();
}

function cardView(overlay) {
  const holder = slot(overlay, "card");
  let drawn = null;
  return (card) => {
    if (!show(holder, Boolean(card)) || card.key === drawn) return;
    drawn = card.key;
    const { title, description, details, insight, nextStep, estimatedSeconds } = card;
    slot(holder, "card-title").textContent = title;
    slot(holder, "card-insight").textContent = insight ? ` ${insight}` : "";
    slot(holder, "card-body").replaceChildren(
      h("p", {}, description),
      details.length ? h("ul", {}, ...details.map((text) => h("li", {}, text))) : "",
      nextStep ? h("p", {}, h("strong", {}, "Next: "), nextStep) : "",
      estimatedSeconds ? h("p", { class: "muted" }, `Takes about ${span(Math.max(1, estimatedSeconds))}.`) : "",
    );
  };
}
