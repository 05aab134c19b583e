import { h, show } from "./dom.js";

/** What to ask at first: what the data is about, and questions that can be answered. */
export function welcomeView({ actions, user }) {
  const section = document.getElementById("welcome");
  let drawn = "";
  return ({ state, messages, outbox }) => {
    const empty = messages.length === 0 && outbox.messages.length === 0;
    if (!show(section, empty)) return;
    const signature = JSON.stringify([state.dataModel, state.state]);
    if (signature === drawn) return;
    drawn = signature;
    const model = state.dataModel;
    const head = model ? h("h2", {}, `Ask about ${model.name}`) : h("h2", {}, "Reading your data…");
    const about = h("p", { class: "muted" }, model ? model.summary : "Tables, types, keys and quality are worked out first. You can ask already; it is answered next.");
    const questions = user.may_write ? (model?.suggestions ?? []) : [];
    const buttons = questions.map((text) => h("button", { type: "button", class: "suggestion", on: { click: () => actions.ask(text) } }, text));
    const list = h("div", { class: "suggestion-list", role: "group", "aria-label": "Suggested questions", "data-testid": "first-suggestions" }, ...buttons);
    section.replaceChildren(head, about, ...(buttons.length ? [list] : []));
  };
}
