/**
 * When to ask, and what becomes of an answer.
 *
 * A click closes the dialog at once, before the network has said anything. If the answer was not
 * taken, the dialog comes back with the reason and with everything that was written. What is
 * called a dialog here may as well be a card in the page: see `GateDialog` for what it has to do.
 */

import { decidedMessage, errorMessage } from "./errors.js";
import { notify } from "./notice.js";

const PREVIEW_AFTER_MS = 150;

export class GateController {
  #api;
  #user;
  #urls;
  #store;
  #dialogs;
  #gates = new Map();
  #loading = new Map();
  #current = null;
  #sending = null;
  #answered = new Set();
  #eventAt = null;
  #page;

  /**
   * @param {object} options
   * @param {(how: { decide: (decision: string) => void, hidden: () => void }) => Record<string, any>} options.dialogs
   *   makes the dialog of each kind of gate
   * @param {{ preview: (gate: any, state: any) => any, decidedBy: (id: string, state: any) => string | null, focus: () => HTMLElement | null }} options.page
   *   what the page knows of a gate that the server has not told yet; who decided one; and where
   *   the focus goes when a question is gone
   */
  constructor({ api, user, urls, store, dialogs, page }) {
    this.#api = api;
    this.#user = user;
    this.#urls = urls;
    this.#store = store;
    this.#page = page;
    this.#dialogs = dialogs({ decide: (decision) => this.#decide(decision), hidden: () => this.#focusReview() });
    const pending = store.details.pending_gate;
    if (pending) this.#gates.set(pending.id, pending);
  }

  /** Follow the store from now on. */
  start() {
    this.#store.subscribe((store) => this.#sync(store.state.pendingGate));
  }

  /** An event has announced a gate: fetch it, and measure how long it takes to be seen. */
  expect({ data: { gate_id: id } }) {
    if (!id || this.#eventAt?.id === id) return;
    this.#eventAt = { id, at: performance.now() };
    if (this.#store.isLive) this.#load(id);
  }

  /** Whether a question waits that has not just been answered here. */
  get isAsking() {
    return Boolean(this.#current) && !this.#answered.has(this.#current.id);
  }

  get isSending() {
    return this.#sending !== null;
  }

  mayAnswer(gate = this.#current) {
    const rules = this.#gates.get(gate?.id)?.may_answer;
    if (!rules) return this.#user.is_owner;
    if (this.#user.is_owner) return rules.owner;
    return this.#user.groups.includes(rules.group) || this.#user.may_answer_any;
  }

  /** Show the question that waits. */
  open() {
    if (this.#current) this.#show(this.#current, { fresh: false });
  }

  get #dialog() {
    return this.#dialogs[this.#current?.kind];
  }

  #sync(pending) {
    if (pending?.id === this.#current?.id) return;
    if (this.#current) this.#withdraw();
    if (!pending || !this.#dialogs[pending.kind] || this.#answered.has(pending.id)) return;
    this.#current = pending;
    this.#ask(pending);
  }

  /** The question is gone: answered here, elsewhere, or withdrawn. */
  #withdraw() {
    const dialog = this.#dialog;
    const { id } = this.#current;
    if (dialog?.isOpen && !this.#answered.has(id)) {
      if (dialog.comment) dialog.settle(`This was decided meanwhile${this.#decidedBy(id)}. What you wrote was not sent.`);
      else dialog.close();
    }
    this.#current = null;
  }

  #decidedBy(id) {
    const by = this.#page.decidedBy(id, this.#store.state);
    return by ? ` by ${by}` : "";
  }

  /** Show the gate as the server has it; what the event said of it, if the server is slow. */
  async #ask(pending) {
    const known = this.#gates.get(pending.id);
    if (!known) {
      const preview = setTimeout(() => this.#preview(pending), PREVIEW_AFTER_MS);
      const loaded = await this.#load(pending.id);
      clearTimeout(preview);
      if (!loaded || this.#current?.id !== pending.id) return;
    }
    this.#current = { ...pending, ...this.#gates.get(pending.id) };
    this.#show(this.#current, { fresh: true, mine: true });
  }

  /** Fetch a gate; several wishes at a time become one request. */
  #load(id) {
    if (!this.#loading.has(id)) this.#loading.set(id, this.#fetch(id).finally(() => this.#loading.delete(id)));
    return this.#loading.get(id);
  }

  async #fetch(id) {
    try {
      const gate = await this.#api.getGate(id);
      this.#gates.set(id, gate);
      return gate.state === "pending";
    } catch {
      setTimeout(() => this.#retry(id), 3000);
      return false;
    }
  }

  #retry(id) {
    if (this.#current?.id === id && !this.#gates.has(id)) this.#ask(this.#current);
  }

  #preview(pending) {
    if (this.#current?.id !== pending.id) return;
    const payload = this.#page.preview(pending, this.#store.state);
    if (payload) this.#show({ ...pending, payload, isPreview: true }, { fresh: true, mine: true });
  }

  #show(gate, { fresh, mine = false }) {
    const dialog = this.#dialogs[gate.kind];
    const mayAnswer = this.mayAnswer(gate);
    // Whoever may only look is not interrupted; a card in the page interrupts nobody.
    if (!gate.payload || (mine && !mayAnswer && !dialog.isInPage)) return;
    dialog.fill(gate, { mayAnswer, fresh: fresh && !dialog.isOpen });
    dialog.open();
    if (this.#eventAt?.id !== gate.id) return;
    performance.measure("cairn:gate-visible", { start: this.#eventAt.at, end: performance.now() });
    this.#eventAt = null;
  }

  #decide(decision) {
    const gate = this.#current;
    const dialog = this.#dialog;
    if (!gate || !dialog || this.#answered.has(gate.id)) return;
    const answer = dialog.answer(decision);
    if (!answer) return;
    dialog.close();
    this.#page.focus()?.focus({ preventScroll: true });
    this.#send(gate, dialog, answer);
  }

  async #send(gate, dialog, answer) {
    this.#answered.add(gate.id);
    this.#sending = gate.id;
    this.#store.expect(this.#store.intent);
    try {
      const answered = await this.#api.answerGate(gate.id, answer);
      if (answered?.state === "pending") this.#needsMore(gate);
    } catch (error) {
      this.#failed(gate, dialog, error);
    }
    this.#sending = null;
    this.#store.expect(this.#store.intent);
  }

  #needsMore(gate) {
    notify(`Your approval counts. ${gate.may_answer?.quorum ?? "More"} are needed in all.`);
  }

  async #failed(gate, dialog, error) {
    if (error.code === "already_decided" || error.code === "expired") {
      dialog.open();
      dialog.settle(error.code === "expired" ? error.message : decidedMessage(error));
      this.#store.loadDetails();
      return;
    }
    this.#answered.delete(gate.id);
    if (error.code === "payload_changed") await this.#reload(gate, dialog);
    dialog.open();
    dialog.error(errorMessage(error, "Your decision was not sent."));
    if (error.status === 401) dialog.error(`You are signed out. Sign in again, then send your decision: ${location.origin}${this.#urls.sign_in}`);
  }

  /** Something else is asked than what was shown: show that, and keep what was written. */
  async #reload(gate, dialog) {
    await this.#load(gate.id);
    this.#current = { ...gate, ...this.#gates.get(gate.id) };
    dialog.fill(this.#current, { mayAnswer: this.mayAnswer(), fresh: false });
  }

  #focusReview() {
    document.querySelector("#overlay [data-action=review]:not([hidden])")?.focus();
  }
}
