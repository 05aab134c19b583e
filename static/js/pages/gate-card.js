/** A question in the conversation: what all of its kinds have. Stands where a dialog would. */

import { h, icon, setText, show } from "./dom.js";
import { deadlineText } from "./gate-content.js";

export class GateCard {
  /** It interrupts nobody, so it is shown to those as well who may only look. */
  isInPage = true;

  #title = h("h2", { class: "gate-title", tabindex: "-1" });
  #deadline = h("p", { class: "deadline" });
  #error = h("p", { class: "notice error", role: "alert", hidden: true });
  #note = h("p", { class: "muted" });
  #element;
  #timer = null;
  #decide;
  #hidden;
  #shown = "";

  /** What the kind adds: its content, the fields to answer with, and the buttons. */
  body = h("div", { class: "gate-body" });
  controls = h("div", { class: "gate-controls" });
  buttons = h("div", { class: "decisions" });
  text = h("textarea", { rows: 2, maxlength: 5000 });
  gate = null;

  constructor({ kind, decide, hidden }) {
    this.#decide = decide;
    this.#hidden = hidden;
    const id = `gate-card-${kind}`;
    this.#title.id = `${id}-title`;
    this.text.id = `${id}-text`;
    const head = h("header", { class: "gate-head" }, icon("hand"), this.#title);
    const end = h("div", { class: "gate-end" }, this.controls, this.buttons);
    this.#element = h("section", { class: "gate-card", id, "aria-labelledby": this.#title.id, "data-testid": id, hidden: true }, head, this.#deadline, this.#error, this.body, this.#note, end);
    this.#element.addEventListener("keydown", (event) => this.#key(event));
    document.getElementById("gate-slot").append(this.#element);
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  get comment() {
    return this.text.value.trim();
  }

  /** The digest of what is displayed. */
  get digest() {
    return this.gate?.digest;
  }

  fill(gate, { mayAnswer, fresh }) {
    this.gate = gate;
    if (fresh) this.text.value = "";
    const signature = `${gate.id} ${gate.digest} ${mayAnswer}`;
    if (signature === this.#shown) return;
    this.#shown = signature;
    setText(this.#title, gate.question || gate.payload.question);
    setText(this.#note, mayAnswer ? "" : "Somebody else has to decide this.");
    this.text.readOnly = false;
    show(this.controls, mayAnswer);
    show(this.buttons, mayAnswer);
    this.draw(gate.payload, mayAnswer);
    this.error("");
    this.#tick();
  }

  /** Show it; when it is shown already, lead there. */
  open() {
    const wasOpen = this.isOpen;
    this.#element.hidden = false;
    this.#tick();
    this.#timer ??= setInterval(() => this.#tick(), 1000);
    if (!wasOpen) return;
    this.#element.scrollIntoView({ block: "nearest" });
    this.#title.focus();
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#element.hidden = true;
  }

  hide() {
    this.close();
    this.#hidden();
  }

  error(text) {
    setText(this.#error, text);
    show(this.#error, Boolean(text));
    if (text) this.#error.scrollIntoView({ block: "nearest" });
  }

  /** It is decided: what was written can be read and copied, but not sent any more. */
  settle(text) {
    this.#element.hidden = false;
    this.error(text);
    this.text.readOnly = true;
    this.buttons.replaceChildren(h("button", { type: "button", class: "button primary", on: { click: () => this.hide() } }, "Close"));
    this.#shown = "";
  }

  /** A button that decides. */
  button(decision, text, kind = "quiet") {
    return h("button", { type: "button", class: `button ${kind}`, data: { decision }, on: { click: () => this.#decide(decision) } }, text);
  }

  decide(decision) {
    this.#decide(decision);
  }

  #key(event) {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    const main = this.buttons.querySelector(".primary");
    if (!main) return;
    event.preventDefault();
    main.click();
  }

  #tick() {
    const text = this.gate ? deadlineText(this.gate) : "";
    setText(this.#deadline, text);
    show(this.#deadline, Boolean(text));
  }
}
