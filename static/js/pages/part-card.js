/** A part of an answer: one line that says what it is, and opens to all of it. */

import { glyph, h } from "./dom.js";

/**
 * @param {{ kind: string, icon: string, title: any, note?: any, open?: boolean, body: () => any[] }} part
 *   `body` is built when somebody opens the card
 */
export function partCard({ kind, icon, title, note = null, open = false, body }) {
  const holder = h("div", { class: "part-body" });
  const summary = h(
    "summary",
    {},
    glyph(icon, "glyph part-icon"),
    h("span", { class: "part-title" }, title),
    note === null ? null : h("span", { class: "part-note" }, note),
    glyph("chevron", "glyph chevron"),
  );
  const card = h("details", { class: `part ${kind}`, "data-testid": `part-${kind}` }, summary, holder);
  const fill = () => {
    if (card.open && !holder.childElementCount) holder.append(...body().filter(Boolean));
  };
  card.addEventListener("toggle", fill);
  card.open = open;
  fill();
  return card;
}

/** Rows of a name and a value. */
export function facts(pairs) {
  const rows = pairs.filter(([, text]) => text !== null && text !== undefined && text !== "");
  return h("dl", { class: "facts" }, ...rows.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))));
}

/** Data as it is, for people who want to see exactly that. */
export function asJson(data, title = "JSON") {
  const pre = h("pre", { class: "json", tabindex: "0" });
  const details = h("details", { class: "fold" }, h("summary", {}, glyph("chevron", "glyph chevron"), title), pre);
  details.addEventListener("toggle", () => {
    if (details.open && !pre.textContent) pre.textContent = JSON.stringify(data, null, 2);
  });
  return details;
}
