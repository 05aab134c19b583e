/** Keeps a list that the server renders up to date. */

import { ageTimes } from "./shell.js";

/** Load the list's fragment again and again; what has the focus keeps it. */
export function keepFresh(element, { onChange = () => {} } = {}) {
  const every = Number(element.dataset.refreshSeconds) * 1000;
  let last = "";
  const load = async () => {
    if (document.hidden || navigator.onLine === false) return;
    try {
      const response = await fetch(element.dataset.refresh);
      // A redirect leads to the sign-in page: not what belongs here.
      if (!response.ok || response.redirected) return;
      const html = await response.text();
      if (html === last) return;
      if (last !== "" || !sameText(element, html)) replace(element, html);
      last = html;
      onChange();
    } catch {
      // The next time will tell.
    }
  };
  setInterval(load, every);
  document.addEventListener("visibilitychange", load);
  return load;
}

function replace(element, html) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  // Our own server's rendering of our own template, escaped there.
  element.replaceChildren(document.createRange().createContextualFragment(html));
  ageTimes(element);
  if (focused) document.getElementById(focused)?.focus();
}

function sameText(element, html) {
  const fresh = document.createRange().createContextualFragment(html);
  ageTimes(fresh);
  return fresh.textContent.replace(/\s+/g, " ").trim() === element.textContent.replace(/\s+/g, " ").trim();
}
