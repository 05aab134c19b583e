/** The dialog of one kind of gate: shows a payload, collects a decision, and nothing else. */

import { h, show, slot } from "./dom.js";
import { checkpointExtra, checkpointFigures, deadlineText, proposalExtra, proposalFigures } from "./gate-content.js";

const DECISIONS = {
  proposal: { approve: "Approve", adjust: "Adjust", reject: "Reject" },
  checkpoint: {
    approve: "Approve (Continue)",
    approve_all: "Continue without asking again",
    revise: "Revise with comment",
    reject: "Reject (Stop)",
  },
};

const LOOK = { approve: "primary", reject: "danger quiet" };

export class GateDialog {
  #kind;
  #dialog;
  #markdown;
  #gate = null;
  #shown = "";
  #timer = null;
  #decide;
  #hidden;

  /** @param {{ kind: string, markdown: Function, decide: (decision: string) => void, hidden: () => void }} options */
  constructor({ kind, markdown, decide, hidden }) {
    this.#kind = kind;
    this.#dialog = document.getElementById(`${kind}-dialog`);
    this.#markdown = markdown;
    this.#decide = decide;
    this.#hidden = hidden;
    const form = this.#dialog.querySelector("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => this.#key(event));
    this.#dialog.querySelector("[data-hide]").addEventListener("click", () => this.hide());
    // Esc hides; so it is not the browser that closes, and focus can go where it belongs.
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.hide();
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  get comment() {
    return this.#comment.value.trim();
  }

  get #comment() {
    return document.getElementById(`${this.#kind}-comment`);
  }

  /** The digest of what is displayed. */
  get digest() {
    return this.#gate?.digest;
  }

  /** What is sent for a decision; null when something is missing, which it says and shows. */
  answer(decision) {
    const { comment, digest } = this;
    const payload = decision === "adjust" ? this.#numbers : undefined;
    if (decision === "revise" && !comment) return this.#missing("Write what the next iterations should do otherwise.");
    if (decision === "adjust" && !comment && !payload) return this.#missing("Change a number, or write what to adjust.");
    return { decision, digest, comment, ...(payload && { payload }) };
  }

  /** The figures that the reader has changed, or undefined. */
  get #numbers() {
    if (this.#kind !== "proposal") return undefined;
    const { payload } = this.#gate;
    const wanted = {
      max_iterations: Number(document.getElementById("proposal-iterations").value),
      checkpoint_interval: Number(document.getElementById("proposal-interval").value),
    };
    const changed = Object.entries(wanted).filter(([name, value]) => value !== payload[name]);
    return changed.length ? wanted : undefined;
  }

  /** Show a gate. `fresh` forgets what was written about another one. */
  fill(gate, { mayAnswer, fresh }) {
    this.#gate = gate;
    if (fresh) this.#comment.value = "";
    const signature = `${gate.id} ${gate.digest} ${gate.isPreview ?? false} ${mayAnswer}`;
    if (signature === this.#shown) return;
    this.#shown = signature;
    const { payload } = gate;
    slot(this.#dialog, "title").textContent = gate.title;
    if (this.#kind === "proposal") this.#fillProposal(payload);
    else this.#fillCheckpoint(payload);
    this.#buttons(gate, mayAnswer);
    this.error("");
    this.#tick();
  }

  open() {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#dialog.querySelector(".dialog-body").scrollTop = 0;
    this.#dialog.querySelector("h2").focus();
    this.#tick();
    this.#timer ??= setInterval(() => this.#tick(), 1000);
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#dialog.open) this.#dialog.close();
  }

  /** Close without deciding. */
  hide() {
    this.close();
    this.#hidden();
  }

  /** Show what went wrong, or that nothing did. */
  error(text) {
    const element = slot(this.#dialog, "error");
    element.textContent = text;
    show(element, Boolean(text));
    if (text) element.scrollIntoView({ block: "nearest" });
  }

  /** It is decided: what was written can be read and copied, but not sent any more. */
  settle(text) {
    this.error(text);
    this.#comment.readOnly = true;
    const close = h("button", { type: "button", class: "button primary", on: { click: () => this.hide() } }, "Close");
    slot(this.#dialog, "decisions").replaceChildren(close);
    this.#shown = "";
  }

  #missing(message) {
    this.error(message);
    this.#comment.setAttribute("aria-invalid", "true");
    this.#comment.focus();
    return null;
  }

  #fillProposal(payload) {
    slot(this.#dialog, "goal").textContent = payload.goal;
    slot(this.#dialog, "figures").replaceChildren(...proposalFigures(payload));
    slot(this.#dialog, "text").replaceChildren(this.#markdown(payload.approach));
    slot(this.#dialog, "extra").replaceChildren(...proposalExtra(payload));
    document.getElementById("proposal-iterations").value = payload.max_iterations;
    document.getElementById("proposal-interval").value = payload.checkpoint_interval;
  }

  #fillCheckpoint(payload) {
    slot(this.#dialog, "figures").replaceChildren(...checkpointFigures(payload));
    slot(this.#dialog, "extra").replaceChildren(...checkpointExtra(payload, this.#markdown));
    slot(this.#dialog, "text").replaceChildren(this.#markdown(payload.summary ?? ""));
  }

  #buttons(gate, mayAnswer) {
    this.#comment.readOnly = false;
    this.#comment.removeAttribute("aria-invalid");
    show(slot(this.#dialog, "controls"), mayAnswer);
    const known = DECISIONS[this.#kind];
    const buttons = Object.keys(known).filter((decision) => gate.decisions.includes(decision)).map((decision) =>
      h("button", { type: "button", class: `button ${LOOK[decision] ?? "quiet"}`, data: { decision }, on: { click: () => this.#decide(decision) } }, known[decision]),
    );
    slot(this.#dialog, "decisions").replaceChildren(...buttons);
  }

  #key(event) {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (this.#dialog.querySelector("[data-decision=approve]")) this.#decide("approve");
  }

  #tick() {
    const element = slot(this.#dialog, "deadline");
    const text = this.#gate ? deadlineText(this.#gate) : "";
    if (element.textContent !== text) element.textContent = text;
    show(element, Boolean(text));
  }
}
