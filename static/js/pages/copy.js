/** A button that puts text into the clipboard, and says that it did. */

import { glyph, h } from "./dom.js";

const SAID_MS = 1800;

/** @param {string} what names it for readers: "Copy the SQL" @param {() => string} text */
export function copyButton(what, text) {
  const word = h("span", {}, "Copy");
  const button = h("button", { type: "button", class: "copy", "aria-label": what, title: what }, glyph("copy"), word);
  button.addEventListener("click", async () => {
    const done = await copied(text());
    word.textContent = done ? "Copied" : "Not allowed";
    button.setAttribute("aria-label", done ? "Copied" : "The browser did not allow it");
    setTimeout(() => {
      word.textContent = "Copy";
      button.setAttribute("aria-label", what);
    }, SAID_MS);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
