/** A line at the top of the page for what has just happened, until it is closed. */

import { glyph, h } from "./dom.js";

export function notify(text, kind = "info") {
  const notice = document.getElementById("notice");
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: quiet } }, glyph("cross"));
  notice.dataset.kind = kind;
  notice.replaceChildren(h("p", { class: "banner-text" }, text), close);
  notice.hidden = false;
}

export function quiet() {
  document.getElementById("notice").hidden = true;
}
