/** A form that starts something: files go up while the rest is filled in. */

import { errorMessage } from "./errors.js";
import { Uploads } from "./uploads.js";

/**
 * Send the form by script; without one the browser would post it whole.
 * @param {HTMLFormElement} form
 * @param {{ api: any, failed: string, start: (form: FormData, files: string[]) => Promise<string> }} how
 *   `start` resolves with the address to go to
 */
export function startForm(form, { api, failed, start }) {
  const most = Number(form.dataset.uploadBytes);
  const uploads = new Uploads(form, api, { most, changed: () => label(form, uploads) });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const error = form.querySelector("[data-form-error]");
    error.hidden = true;
    label(form, uploads, true);
    try {
      location.assign(await start(new FormData(form), uploads.ids));
    } catch (failure) {
      label(form, uploads);
      show(form, error, failure, failed);
    }
  });
  form.addEventListener("input", ({ target }) => target.removeAttribute("aria-invalid"));
}

function show(form, error, failure, failed) {
  error.textContent = errorMessage(failure, failed);
  error.hidden = false;
  for (const name of Object.keys(failure.fields ?? {})) form.elements[name]?.setAttribute?.("aria-invalid", "true");
  error.scrollIntoView({ block: "nearest" });
}

function label(form, uploads, sending = false) {
  const button = form.querySelector("[data-start]");
  button.disabled = sending || uploads.pending > 0;
  button.textContent = sending ? "Starting…" : uploads.pending ? "Uploading…" : "Start";
}
