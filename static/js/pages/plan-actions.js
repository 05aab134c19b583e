/** Pause, resume and cancel, each said to the server once; the server's events show the outcome. */

import { errorMessage } from "./errors.js";
import { notify } from "./notice.js";
import { slot } from "./dom.js";

export class PlanActions {
  #api;
  #store;
  #dialog = document.getElementById("cancel-dialog");

  constructor({ api, store }) {
    this.#api = api;
    this.#store = store;
    this.#dialog.querySelector("[data-hide]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.querySelector("[data-send]").addEventListener("click", () => {
      this.#dialog.close();
      this.#send("cancel", "cancelling", "The plan was not cancelled.");
    });
  }

  pause() {
    return this.#send("pause", "pausing", "The plan was not paused.");
  }

  resume() {
    return this.#send("resume", null, "The plan was not resumed.");
  }

  /** Ask first when the iteration that goes on would be lost. */
  cancel() {
    const { state } = this.#store;
    const running = state.iterations.find((one) => one.state === "running");
    if (!running) return this.#send("cancel", "cancelling", "The plan was not cancelled.");
    const kept = state.iterations.length > 1 ? " What earlier iterations found stays here." : "";
    slot(this.#dialog, "about").textContent = `What iteration ${running.number} has done so far is lost.${kept}`;
    this.#dialog.showModal();
    return null;
  }

  async #send(action, intent, failed) {
    const before = this.#store.intent;
    this.#store.expect(intent);
    try {
      await this.#api[action](this.#store.details.id);
    } catch (error) {
      this.#store.expect(before);
      notify(errorMessage(error, failed), "error");
    }
  }
}
