/** The form for a new plan: files go up while the rest is filled in. */

import { PlanApi } from "../plan/index.js";
import { errorMessage } from "./errors.js";
import "./shell.js";
import { Uploads } from "./uploads.js";

const api = new PlanApi();

/** Send the form by script; without one the browser would post it whole. */
function connect(form) {
  const uploads = new Uploads(form, api, { most: Number(form.dataset.uploadBytes), changed: () => label(form, uploads) });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(form, uploads);
  });
  form.addEventListener("input", ({ target }) => target.removeAttribute("aria-invalid"));
  const dialog = form.closest("dialog");
  for (const button of dialog?.querySelectorAll("[data-close]") ?? []) {
    button.addEventListener("click", () => dialog.close());
  }
}

function label(form, uploads, sending = false) {
  const button = form.querySelector("[data-start]");
  button.disabled = sending || uploads.pending > 0;
  button.textContent = sending ? "Starting…" : uploads.pending ? "Uploading…" : "Start";
}

async function start(form, uploads) {
  const error = form.querySelector("[data-form-error]");
  error.hidden = true;
  label(form, uploads, true);
  try {
    const plan = await api.createPlan(wish(form, uploads));
    location.assign(`/plans/${plan.id}/`);
  } catch (failure) {
    label(form, uploads);
    error.textContent = errorMessage(failure, "The plan was not started.");
    error.hidden = false;
    for (const name of Object.keys(failure.fields ?? {})) form.elements[name]?.setAttribute?.("aria-invalid", "true");
    error.scrollIntoView({ block: "nearest" });
  }
}

function wish(form, uploads) {
  const data = new FormData(form);
  return {
    goal: data.get("goal"),
    max_iterations: Number(data.get("max_iterations")),
    checkpoint_interval: Number(data.get("checkpoint_interval")),
    deadline_seconds: Number(data.get("deadline_seconds")),
    documents: [...data.getAll("documents"), ...uploads.ids],
  };
}

connect(document.getElementById("new-plan-form"));
