/** The form of a workflow: its parameters as fields, and what is wrong beside each. */

import { h, setText, show, slot } from "./dom.js";
import { errorMessage } from "./errors.js";

export class WorkflowDialog {
  #api;
  #session;
  #offers;
  #dialog = document.getElementById("workflow-dialog");
  #form = this.#dialog.querySelector("form");
  #fields = slot(this.#dialog, "fields");
  #send = this.#dialog.querySelector("[data-send]");
  #workflow = null;
  #started;

  /** @param {{ api: any, session: any, offers: { workflows: () => Promise<any[]> }, started: () => void }} options */
  constructor({ api, session, offers, started }) {
    this.#api = api;
    this.#session = session;
    this.#offers = offers;
    this.#started = started;
    for (const button of this.#dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => this.#dialog.close());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#start();
    });
  }

  async open(name) {
    const all = await this.#offers.workflows();
    this.#workflow = all.find((one) => one.name === name) ?? null;
    if (!this.#workflow) return;
    const { title, description, parameters } = this.#workflow;
    setText(this.#dialog.querySelector("h2"), title);
    setText(slot(this.#dialog, "description"), description);
    this.#fields.replaceChildren(...parameters.map(field));
    this.#error("");
    this.#send.disabled = false;
    this.#dialog.showModal();
    (this.#fields.querySelector("input, select, textarea") ?? this.#send).focus();
  }

  async #start() {
    this.#error("");
    for (const one of this.#fields.querySelectorAll("[aria-invalid]")) mark(one, "");
    const wrong = this.#workflow.parameters.filter((one) => one.required && one.type !== "boolean" && this.#read(one) === undefined);
    for (const one of wrong) mark(this.#input(one.name), `${one.label} is needed.`);
    if (wrong.length) return this.#input(wrong[0].name).focus();
    this.#send.disabled = true;
    try {
      const given = this.#workflow.parameters.map((one) => [one.name, this.#read(one)]).filter(([, value]) => value !== undefined);
      await this.#api.startWorkflow(this.#session.id, this.#workflow.name, Object.fromEntries(given));
      this.#dialog.close();
      this.#started();
    } catch (error) {
      this.#refused(error);
    }
    this.#send.disabled = false;
  }

  /** Errors stand at their fields; only what belongs to none stands above. */
  #refused(error) {
    const known = Object.entries(error.fields ?? {}).map(([name, texts]) => [this.#input(name.replace(/^parameters\./, "")), [texts].flat().join(" ")]);
    const placed = known.filter(([input]) => input);
    for (const [input, text] of placed) mark(input, text);
    if (placed.length) placed[0][0].focus();
    if (placed.length < Math.max(1, known.length)) this.#error(errorMessage(error, "The workflow was not started."));
  }

  #input(name) {
    return document.getElementById(`parameter-${name}`);
  }

  /** The value of a field in its own type; undefined where nothing was given. */
  #read({ name, type }) {
    const input = this.#input(name);
    if (type === "boolean") return input.checked;
    const text = input.value.trim();
    if (text === "") return undefined;
    if (type !== "integer" && type !== "number") return text;
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }

  #error(text) {
    const element = slot(this.#dialog, "error");
    setText(element, text);
    show(element, Boolean(text));
  }
}

function mark(input, text) {
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const error = document.getElementById(`${input.id}-error`);
  setText(error, text);
  show(error, Boolean(text));
}

function field(parameter) {
  const { name, label, type, help, required } = parameter;
  const id = `parameter-${name}`;
  const input = inputOf(parameter, { id, "aria-describedby": `${id}-help ${id}-error`, required: required && type !== "boolean" });
  const optional = required || type === "boolean" ? null : h("span", { class: "muted" }, " (optional)");
  const notes = [h("p", { class: "hint", id: `${id}-help`, hidden: !help }, help), h("p", { class: "field-error", id: `${id}-error`, hidden: true })];
  input.addEventListener("input", () => mark(input, ""));
  if (type === "boolean") return h("div", { class: "field" }, h("label", { class: "switch", for: id }, input, h("span", {}, label)), ...notes);
  return h("div", { class: "field" }, h("label", { for: id }, label, optional), input, ...notes);
}

function inputOf({ type, choices, default: value, required, minimum, maximum }, common) {
  if (type === "boolean") return h("input", { ...common, type: "checkbox", role: "switch", checked: Boolean(value) });
  if (choices?.length) {
    // Where something is needed and there is one choice only, it is made.
    const isMade = required && (choices.length === 1 || (value !== null && value !== undefined));
    const none = isMade ? [] : [h("option", { value: "" }, required ? "Choose…" : "None")];
    return h("select", common, ...none, ...choices.map((one) => h("option", { value: one, selected: one === value }, one)));
  }
  const isNumber = type === "integer" || type === "number";
  const limits = isNumber ? { inputmode: type === "integer" ? "numeric" : "decimal", step: type === "integer" ? 1 : "any", min: minimum, max: maximum } : {};
  return h("input", { ...common, ...limits, type: isNumber ? "number" : "text", value: value ?? "", autocomplete: "off" });
}
