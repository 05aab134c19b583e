/** The list of plans, and the dialog for a new one. */

import "./new-plan.js";
import { keepFresh } from "./refresh.js";

keepFresh(document.getElementById("plan-list"));

const dialog = document.getElementById("new-plan-dialog");

function open(event) {
  event.preventDefault();
  dialog.showModal();
  document.getElementById("new-plan-goal").focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-new-plan]");
  const newTab = event.metaKey || event.ctrlKey || event.shiftKey;
  if (opener && !newTab) open(event);
});

// With this script the links open a dialog: they are buttons, for the keyboard as well.
for (const opener of document.querySelectorAll("[data-new-plan]")) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") open(event);
  });
}
