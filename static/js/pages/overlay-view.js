/**
 * What goes on right now, the same for every kind of work: operation, step, message, time,
 * progress, a card to read meanwhile, and the controls.
 */

import { h, setText, show, slot } from "./dom.js";
import { span } from "./format.js";
import { choose, setting } from "./settings.js";

/**
 * @typedef {object} Shown
 * @property {string} status running, asking, queued …: for the looks alone
 * @property {string} name of the operation
 * @property {string} [step] "Iteration 2 of 4"
 * @property {string} [message]
 * @property {string | null} [startedAt] when the time began to count; nothing to show no time
 * @property {number | null} percent null while nobody can tell
 * @property {object | null} [card]
 * @property {Record<string, string | boolean>} buttons the text of each, or whether it is there
 */

/**
 * @param {(store: any) => Shown | null} describe what to show of the store, or nothing
 * @param {Record<string, () => void>} actions by the names of the buttons
 */
export function overlayView(describe, actions) {
  const overlay = document.getElementById("overlay");
  const buttons = new Map();
  for (const [name, act] of Object.entries(actions)) {
    const button = overlay.querySelector(`[data-action=${name}]`);
    button.addEventListener("click", act);
    buttons.set(name, button);
  }
  connectMinimise(overlay, overlay.querySelector("[data-action=minimise]"));
  const card = cardView(overlay);
  let latest = null;
  const draw = (store) => {
    const shown = describe(store);
    if (!show(overlay, Boolean(shown))) return;
    overlay.dataset.status = shown.status;
    setText(slot(overlay, "name"), shown.name);
    setText(slot(overlay, "step"), shown.step ?? "");
    setText(slot(overlay, "message"), shown.message ?? "");
    setText(slot(overlay, "elapsed"), shown.startedAt ? span((Date.now() - new Date(shown.startedAt)) / 1000) : "");
    drawProgress(slot(overlay, "progress"), shown.percent);
    card(shown.card ?? null);
    for (const [name, button] of buttons) drawButton(button, shown.buttons[name]);
  };
  setInterval(() => latest && !overlay.hidden && !document.hidden && draw(latest), 1000);
  return (store) => draw((latest = store));
}

function drawButton(button, wanted) {
  if (show(button, Boolean(wanted)) && typeof wanted === "string") setText(button, wanted);
}

/** A bar without a value says that something goes on, but not how far it is. */
function drawProgress(bar, percent) {
  if (Number.isFinite(percent)) bar.value = percent;
  else bar.removeAttribute("value");
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
    const { title, description, details, insight, nextStep, estimatedSeconds, promptPreview, fallback } = card;
    slot(holder, "card-title").textContent = title;
    slot(holder, "card-insight").textContent = insight ? ` ${insight}` : "";
    slot(holder, "card-body").replaceChildren(
      h("p", {}, description),
      details.length ? h("ul", {}, ...details.map((text) => h("li", {}, text))) : "",
      fallback ? h("p", {}, h("strong", {}, "Instead: "), fallback) : "",
      promptPreview ? h("p", {}, h("strong", {}, "Asks a model: "), h("q", {}, promptPreview)) : "",
      nextStep ? h("p", {}, h("strong", {}, "Next: "), nextStep) : "",
      estimatedSeconds ? h("p", { class: "muted" }, `Takes about ${span(Math.max(1, estimatedSeconds))}.`) : "",
    );
  };
}
