/** What people do in a chat, each said to the server once; the log's events show the outcome. */

import { errorMessage } from "./errors.js";
import { notify } from "./notice.js";

export class ChatActions {
  #api;
  #store;
  #id;
  #openers = { workflow: () => {}, draft: () => {}, sent: () => {} };

  constructor({ api, store, session }) {
    this.#api = api;
    this.#store = store;
    this.#id = session.id;
  }

  /** Let other parts of the page take what belongs to them: `workflow`, `draft`, `sent`. */
  connect(openers) {
    Object.assign(this.#openers, openers);
  }

  /** Say something new. */
  ask(text, files = []) {
    this.#openers.sent();
    return this.#store.outbox.send(text, files);
  }

  resend({ id }) {
    return this.#store.outbox.retry(id);
  }

  /** Give up what was refused; its text comes back to be written on. */
  discard({ id }) {
    const message = this.#store.outbox.discard(id);
    if (message) this.#openers.draft(message.text);
  }

  /** Ask the same once more; a workflow's form is opened as it was filled in. */
  askAgain(message) {
    const asked = this.#questionOf(message);
    if (!asked) return null;
    if (asked.workflow) return this.#openers.workflow(asked.workflow);
    this.#openers.sent();
    return this.#say(() => this.#api.retryMessage(this.#id, asked.id), "It was not asked again.");
  }

  /** Ask something else instead; returns why that was refused, or nothing. */
  async edit(message, text) {
    try {
      await this.#api.editMessage(this.#id, message.id, text);
      this.#openers.sent();
      return "";
    } catch (error) {
      return errorMessage(error, "It was not asked.");
    }
  }

  /** Show the branch that a message is on. */
  show({ branchId }) {
    return this.switchBranch(branchId);
  }

  switchBranch(branch) {
    return this.#say(() => this.#api.switchBranch(this.#id, branch), "The branch was not switched.");
  }

  /** Stop what is at work; what was queued behind it goes on. */
  async stop() {
    const { runId } = this.#store;
    if (!runId) return;
    this.#store.expect({ name: "cancelling", runId });
    try {
      await this.#api.cancelRun(runId);
    } catch (error) {
      this.#store.expect(null);
      notify(errorMessage(error, "It was not stopped."), "error");
    }
  }

  /** Switch between looking only and changing; resolves with whether it was taken. */
  setMode(mode) {
    return this.#say(() => this.#api.setMode(this.#id, mode), "The mode was not switched.");
  }

  #questionOf(message) {
    if (message.role === "user") return message;
    return this.#store.messages.find(({ role, turn }) => role === "user" && turn === message.turn) ?? null;
  }

  async #say(send, failed) {
    try {
      await send();
      return true;
    } catch (error) {
      notify(errorMessage(error, failed), "error");
      return false;
    }
  }
}
