/** A question back: choose one of the answers, or write another. */

import { h, setText } from "./dom.js";
import { GateCard } from "./gate-card.js";

export class QuestionGate extends GateCard {
  #choice = null;
  #label = h("label", {});

  constructor(how) {
    super({ kind: "question", ...how });
    this.#label.htmlFor = this.text.id;
    this.controls.append(h("div", { class: "field" }, this.#label, this.text));
  }

  draw({ options }, mayAnswer) {
    this.#choice = null;
    const buttons = (options ?? []).map((option) => h("button", { type: "button", class: "suggestion", disabled: !mayAnswer, on: { click: () => this.#choose(option) } }, option));
    this.body.replaceChildren(...(buttons.length ? [h("div", { class: "suggestion-list", role: "group", "aria-label": "Answers" }, ...buttons)] : []));
    setText(this.#label, buttons.length ? "Or in your own words" : "Your answer");
    this.buttons.replaceChildren(this.button("answer", "Answer", "primary"), this.button("reject", "Do not answer"));
  }

  answer(decision) {
    const { comment, digest } = this;
    const choice = this.#choice;
    this.#choice = null;
    if (decision === "reject") return { decision, digest, comment };
    if (choice !== null) return { decision, digest, comment: choice, payload: { choice } };
    if (comment) return { decision, digest, comment };
    this.error("Choose an answer, or write one.");
    this.text.focus();
    return null;
  }

  #choose(option) {
    this.#choice = option;
    this.decide("answer");
  }
}
