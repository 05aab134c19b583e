/** Where messages are written: text, files, and what '/' and '@' offer. */

import { ComposerMenu } from "./composer-menu.js";
import { setText, show } from "./dom.js";
import { reference } from "./reference.js";
import { Uploads } from "./uploads.js";

export class Composer {
  #actions;
  #limits;
  #form = document.getElementById("composer");
  #text = document.getElementById("composer-text");
  #send = document.getElementById("send");
  #stop = document.getElementById("stop");
  #uploads;
  #menu;
  #draftKey;
  #working = false;
  #stopping = false;

  constructor({ api, actions, session, limits, offers, openWorkflow }) {
    this.#actions = actions;
    this.#limits = limits;
    this.#draftKey = `cairn.draft.${session.id}`;
    for (const one of this.#form.querySelectorAll("[data-script]")) one.hidden = false;
    this.#form.querySelector("input[type=file]").hidden = false;
    this.#uploads = new Uploads(this.#form, api, { most: limits.upload_bytes, changed: () => this.#draw(), ready: (saved) => this.#refer(saved) });
    this.#menu = new ComposerMenu(this.#text, { offers, openWorkflow, changed: () => this.#changed() });
    this.#listen();
    this.#restore();
    actions.connect({ draft: (text) => this.#takeBack(text) });
    this.#draw();
  }

  /** Follow the store: a run at work can be stopped here. */
  draw({ state, intent }) {
    const { operation, pendingGate } = state;
    this.#working = Boolean(operation) && operation.kind !== "initialise" && !(pendingGate && operation.status === "waiting");
    this.#stopping = Boolean(operation) && (operation.status === "cancelling" || intent?.runId === operation.runId);
    this.#draw();
  }

  focus() {
    this.#text.focus();
  }

  #listen() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#changed());
    this.#stop.addEventListener("click", () => this.#actions.stop());
    document.getElementById("workflows-button").addEventListener("click", () => this.#menu.start("/"));
    document.getElementById("references-button").addEventListener("click", () => this.#menu.start("@"));
  }

  /** Enter sends, unless a character is still being composed or the menu takes it. */
  #key(event) {
    if (event.isComposing || event.keyCode === 229 || this.#menu.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#submit();
  }

  get #isReady() {
    return this.#text.value.trim() !== "" && this.#text.value.length <= this.#limits.message && this.#uploads.pending === 0;
  }

  #submit() {
    if (!this.#isReady) return;
    const text = this.#text.value.trim();
    const files = this.#uploads.ids;
    this.#text.value = "";
    this.#uploads.clear();
    this.#changed();
    this.#actions.ask(text, files);
  }

  #changed() {
    this.#keep();
    this.#text.rows = Math.min(8, this.#text.value.split("\n").length);
    this.#draw();
  }

  /** While a run works and nothing is written, the button stops it; what is written can be queued. */
  #draw() {
    const stops = this.#working && this.#text.value.trim() === "";
    show(this.#send, !stops);
    show(this.#stop, this.#working);
    this.#stop.disabled = this.#stopping;
    this.#send.disabled = !this.#isReady;
    this.#send.title = this.#working ? "Send: it is answered when its turn comes" : "Send (Enter)";
    const left = this.#limits.message - this.#text.value.length;
    const error = document.getElementById("composer-error");
    if (show(error, left < 0)) setText(error, `${-left} characters too many: at most ${this.#limits.message} fit.`);
  }

  /** A text that was attached is named in the message, so that the answer reads it. */
  #refer({ name, uses }) {
    if (!uses.includes("document")) return;
    const token = reference(name);
    if (this.#text.value.includes(token)) return;
    const space = this.#text.value && !/\s$/.test(this.#text.value) ? " " : "";
    this.#text.value += `${space}${token} `;
    this.#changed();
    this.#text.focus();
  }

  #takeBack(text) {
    if (!this.#text.value.trim()) this.#text.value = text;
    this.#changed();
    this.focus();
  }

  #keep() {
    try {
      if (this.#text.value) sessionStorage.setItem(this.#draftKey, this.#text.value);
      else sessionStorage.removeItem(this.#draftKey);
    } catch {
      // Forbidden storage: the draft lasts as long as the page.
    }
  }

  #restore() {
    try {
      this.#text.value = sessionStorage.getItem(this.#draftKey) ?? "";
    } catch {
      this.#text.value = "";
    }
    this.#changed();
  }
}
