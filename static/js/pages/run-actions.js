/** Pause, resume and cancel, each said to the server once; the server's events show the outcome. */

import { errorMessage } from "./errors.js";
import { notify } from "./notice.js";
import { slot } from "./dom.js";

export class RunActions {
  #api;
  #store;
  #what;
  #atRisk;
  #dialog = document.getElementById("cancel-dialog");

  /**
   * @param {{ api: any, store: any, what: string, atRisk: (state: any) => string }} options
   *   `what` is worked on ("plan"); `atRisk` says what cancelling would lose, or nothing
   */
  constructor({ api, store, what, atRisk }) {
    this.#api = api;
    this.#store = store;
    this.#what = what;
    this.#atRisk = atRisk;
    this.#dialog.querySelector("[data-hide]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.querySelector("[data-send]").addEventListener("click", () => {
      this.#dialog.close();
      this.stop();
    });
  }

  pause() {
    return this.#send("pause", "pausing", "paused");
  }

  resume() {
    return this.#send("resume", null, "resumed");
  }

  /** Ask first when something that goes on would be lost. */
  cancel() {
    const lost = this.#atRisk(this.#store.state);
    if (!lost) return this.stop();
    slot(this.#dialog, "about").textContent = lost;
    this.#dialog.showModal();
    return null;
  }

  /** Cancel without asking. */
  stop() {
    return this.#send("cancel", "cancelling", "cancelled");
  }

  async #send(action, intent, done) {
    const before = this.#store.intent;
    this.#store.expect(intent);
    try {
      await this.#api[action](this.#store.details.id);
    } catch (error) {
      this.#store.expect(before);
      notify(errorMessage(error, `The ${this.#what} was not ${done}.`), "error");
    }
  }
}
