/** A new plan from what this one had reached at a checkpoint. */

import { postCommand } from "../stream/command.js";
import { slot } from "./dom.js";

export class BranchDialog {
  #plan;
  #dialog = document.getElementById("branch-dialog");
  #number = null;

  constructor({ plan }) {
    this.#plan = plan;
    this.#dialog.querySelector("[data-hide]").addEventListener("click", () => this.#dialog.close());
    this.#dialog.querySelector("[data-send]").addEventListener("click", () => this.#send());
    this.#dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  }

  open({ number, iteration }) {
    this.#number = number;
    const about = `A new plan starts with everything found up to checkpoint ${number} (iteration ${iteration}) and goes its own way from there.`;
    slot(this.#dialog, "about").textContent = about;
    slot(this.#dialog, "error").hidden = true;
    this.#dialog.showModal();
    document.getElementById("branch-guidance").focus();
  }

  async #send() {
    const button = this.#dialog.querySelector("[data-send]");
    button.disabled = true;
    try {
      const url = `/api/v1/plans/${this.#plan.id}/branch/`;
      const message = { checkpoint: this.#number, guidance: document.getElementById("branch-guidance").value };
      const branched = await postCommand({ fetch: window.fetch.bind(window), url, message });
      location.assign(`/plans/${branched.id}/`);
    } catch (error) {
      slot(this.#dialog, "error").textContent = `The branch was not started. ${error.message}`;
      slot(this.#dialog, "error").hidden = false;
      button.disabled = false;
    }
  }
}
