/** The list that '/' and '@' open above the text: workflows to start, files to refer to. */

import { glyph, h, show } from "./dom.js";
import { reference } from "./reference.js";

const MOST = 50;
const WORKFLOW = /^\/(\S*)$/;
const FILE = /(?:^|\s)@("[^"\n]*|[^\s"]*)$/;

export class ComposerMenu {
  #text;
  #offers;
  #openWorkflow;
  #changed;
  #list = document.getElementById("composer-menu");
  #items = [];
  #at = 0;
  #asked = 0;

  /**
   * @param {HTMLTextAreaElement} text
   * @param {{ offers: { workflows: () => Promise<any[]>, files: () => Promise<string[]> }, openWorkflow: (name: string) => void, changed: () => void }} how
   */
  constructor(text, { offers, openWorkflow, changed }) {
    this.#text = text;
    this.#offers = offers;
    this.#openWorkflow = openWorkflow;
    this.#changed = changed;
    text.setAttribute("aria-controls", this.#list.id);
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("input", () => this.#look());
    text.addEventListener("click", () => this.#look());
    text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Write the sign as if by hand: '/' begins a message, '@' goes where the cursor is. */
  start(sign) {
    const { value, selectionStart: at } = this.#text;
    const before = sign === "/" ? "" : value.slice(0, at);
    const space = before && !/\s$/.test(before) ? " " : "";
    this.#text.value = sign === "/" ? "/" : `${before}${space}@${value.slice(at)}`;
    const caret = sign === "/" ? 1 : before.length + space.length + 1;
    this.#text.focus();
    this.#text.setSelectionRange(caret, caret);
    this.#changed();
    this.#look();
  }

  close() {
    this.#asked += 1;
    this.#list.hidden = true;
    this.#text.removeAttribute("aria-activedescendant");
  }

  /** Take a key if it is for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && this.#items.length) this.#go((this.#at + move + this.#items.length) % this.#items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.#items.length) this.#choose(this.#items[this.#at]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  async #look() {
    const before = this.#text.value.slice(0, this.#text.selectionStart);
    const workflow = WORKFLOW.exec(this.#text.value);
    const file = workflow ? null : FILE.exec(before);
    if (!workflow && !file) return this.close();
    const asked = (this.#asked += 1);
    const items = workflow ? await this.#workflows(workflow[1]) : await this.#files(file[1].replace(/^"/, ""), before);
    if (asked === this.#asked) this.#draw(items, workflow ? "Workflows" : "Files");
  }

  async #workflows(typed) {
    const all = await this.#offers.workflows();
    const found = all.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(typed.toLowerCase()));
    return found.map(({ name, title, description }) => ({ icon: "play", name: `/${name}`, note: description || title, choose: () => this.#workflow(name) }));
  }

  #workflow(name) {
    this.#text.value = "";
    this.#changed();
    this.#openWorkflow(name);
  }

  async #files(typed, before) {
    const all = await this.#offers.files();
    const found = all.filter((path) => path.toLowerCase().includes(typed.toLowerCase()));
    const start = before.length - typed.length - (before.at(-typed.length - 1) === '"' ? 2 : 1);
    return found.map((path) => ({ icon: path.endsWith("/") ? "panel" : "file", name: path, note: "", choose: () => this.#file(path, start) }));
  }

  #file(path, start) {
    const { value, selectionStart: end } = this.#text;
    const token = `${reference(path)} `;
    this.#text.value = value.slice(0, start) + token + value.slice(end).replace(/^ /, "");
    this.#text.setSelectionRange(start + token.length, start + token.length);
    this.#changed();
  }

  #draw(items, name) {
    this.#items = items.slice(0, MOST);
    this.#list.setAttribute("aria-label", name);
    const options = this.#items.map((item, at) => {
      const option = h("div", { class: "menu-item", role: "option", id: `menu-item-${at}`, "aria-selected": "false" }, glyph(item.icon), h("span", { class: "menu-name" }, item.name), h("span", { class: "muted" }, item.note));
      // Before the text loses its focus.
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.#choose(item);
      });
      return option;
    });
    const none = h("div", { class: "menu-item muted", role: "option", "aria-disabled": "true", "aria-selected": "false" }, name === "Files" ? "No file is called that." : "No workflow is called that.");
    this.#list.replaceChildren(...(options.length ? options : [none]));
    show(this.#list, true);
    if (options.length) this.#go(0);
  }

  #go(at) {
    this.#at = at;
    [...this.#list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const current = this.#list.children[at];
    current.scrollIntoView({ block: "nearest" });
    this.#text.setAttribute("aria-activedescendant", current.id);
  }

  #choose(item) {
    this.close();
    item.choose();
  }
}
