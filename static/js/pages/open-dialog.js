/** Links that, with scripts, open a dialog instead of leading to the page with the same form. */

/**
 * @param {string} selector of the links, also of those that come later
 * @param {HTMLDialogElement} dialog
 * @param {string} focus the id of what gets the focus
 */
export function openFromLinks(selector, dialog, focus) {
  const open = (event) => {
    event.preventDefault();
    dialog.showModal();
    document.getElementById(focus).focus();
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest(selector);
    const newTab = event.metaKey || event.ctrlKey || event.shiftKey;
    if (opener && !newTab) open(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.(selector)) open(event);
  });
  // They are buttons now, for the keyboard as well.
  for (const opener of document.querySelectorAll(selector)) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
  }
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => dialog.close());
  }
}
