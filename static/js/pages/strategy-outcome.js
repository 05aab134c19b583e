/** How a strategy ended, what is missing in it, and its text. */

import { WORDS } from "../strategy/index.js";
import { h, icon, show } from "./dom.js";

const KEPT = "What was found so far stays below.";

export function outcomeView({ urls, actions, user }) {
  const section = document.getElementById("outcome");
  let drawn = "";
  return ({ state, intent }) => {
    const outcome = outcomeOf(state);
    if (!show(section, Boolean(outcome))) return;
    const signature = JSON.stringify([outcome, intent, state.entity, state.missing]);
    if (signature === drawn) return;
    drawn = signature;
    section.dataset.kind = outcome.kind;
    const next = h("div", { class: "outcome-actions" });
    if (outcome.paused && user.may_change) next.append(h("button", { type: "button", class: "button primary", on: { click: () => actions.resume() } }, "Resume"));
    if (state.finished) next.append(h("a", { class: "button quiet", href: urls.again }, "Start again with the same goal"));
    section.replaceChildren(icon(outcome.icon), h("div", { class: "outcome-body" }, ...words(outcome, state), next));
  };
}

function words(outcome, { missing, entity }) {
  const parts = [h("h2", {}, outcome.title)];
  if (outcome.text) parts.push(h("p", {}, outcome.text));
  if (missing.length) {
    parts.push(h("ul", { "data-testid": "missing" }, ...missing.map(({ title, reason }) => h("li", {}, h("strong", {}, title), ` is missing: ${reason}`))));
  }
  if (entity) {
    const [before] = WORDS.saved("").split(/(?<=: )$/);
    parts.push(h("p", { class: "saved" }, icon("disk"), before, h("a", { href: entity.url }, entity.slug)));
  }
  return parts;
}

function outcomeOf(state) {
  switch (state.runState) {
    case "completed":
      return state.missing.length
        ? { kind: "warning", icon: "check", title: WORDS.incomplete(state.missing.length, state.steps.length) }
        : { kind: "success", icon: "check", title: WORDS.completed() };
    case "failed":
      return { kind: "error", icon: "cross", title: WORDS.failed(state.error?.message ?? "unknown error"), text: KEPT };
    case "cancelled":
      return { kind: "quiet", icon: "stop", title: WORDS.cancelled(), text: KEPT };
    case "paused":
      return { kind: "info", icon: "pause", paused: true, title: WORDS.paused(), text: "Nothing is lost. It goes on where it stopped, whenever you resume it." };
    default:
      return null;
  }
}

export function documentView({ markdown, store }) {
  const section = document.getElementById("document");
  const element = document.getElementById("document-text");
  let written = null;
  return ({ state, details }) => {
    const text = state.document?.content ?? details.document;
    if (!show(section, Boolean(text))) {
      if (state.document) store.loadDetails();
      return;
    }
    if (written === text) return;
    written = text;
    element.replaceChildren(markdown(text));
  };
}
