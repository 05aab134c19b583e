/**
 * Text that grows while it is read.
 *
 * It is rendered whole each time, which is fast enough up to a size; beyond that, what comes is
 * appended as plain text, and all of it is rendered once it is complete.
 */

import { h } from "./dom.js";

const LARGEST_RENDERED = 30_000;

export class StreamedText {
  #markdown;
  #shown = "";
  #isPlain = false;
  #tail = null;

  element = h("div", { class: "prose answer" });

  constructor(markdown) {
    this.#markdown = markdown;
  }

  /** Show the text as far as it is written; `complete` when no more will come. */
  update(text, complete) {
    if (text === this.#shown && !(complete && this.#isPlain)) return;
    if (complete || text.length <= LARGEST_RENDERED) this.#render(text);
    else this.#append(text);
    this.#shown = text;
  }

  #render(text) {
    this.element.replaceChildren(this.#markdown(text));
    this.#isPlain = false;
    this.#tail = null;
  }

  #append(text) {
    if (!this.#tail || !text.startsWith(this.#shown)) {
      this.#tail = h("p", { class: "plain-tail" });
      const known = text.startsWith(this.#shown) ? this.#shown : "";
      if (!known) this.element.replaceChildren();
      this.element.append(this.#tail);
      this.#tail.append(text.slice(known.length));
    } else {
      this.#tail.append(text.slice(this.#shown.length));
    }
    this.#isPlain = true;
  }
}
