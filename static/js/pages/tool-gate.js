/** May these tools run? Their arguments can be changed first. */

import { glyph, h, show } from "./dom.js";
import { GateCard } from "./gate-card.js";
import { facts } from "./part-card.js";

export class ToolGate extends GateCard {
  #editors = new Map();

  constructor(how) {
    super({ kind: "tool", ...how });
    this.controls.append(h("div", { class: "field" }, h("label", { for: this.text.id }, "Reason or comment ", h("span", { class: "muted" }, "(optional)")), this.text));
  }

  draw({ calls }, mayAnswer) {
    this.#editors.clear();
    this.body.replaceChildren(...calls.map((call) => this.#call(call, mayAnswer)));
    this.buttons.replaceChildren(
      this.button("approve", calls.length > 1 ? "Approve all" : "Approve", "primary"),
      this.button("approve_all", "Always allow in this chat"),
      this.button("reject", "Deny", "danger quiet"),
    );
  }

  /** What is sent for a decision; null when an argument is not JSON, which it says and shows. */
  answer(decision) {
    const { comment, digest } = this;
    const answer = { decision, digest, comment };
    if (decision === "reject") return answer;
    const edited = {};
    for (const [id, editor] of this.#editors) {
      const { value, error } = editor.read();
      if (error) return editor.refuse(error);
      if (value) edited[id] = value;
    }
    return Object.keys(edited).length ? { ...answer, payload: { arguments: edited } } : answer;
  }

  #call(call, mayAnswer) {
    const shown = Object.entries(call.arguments).map(([name, one]) => [name, typeof one === "string" ? one : JSON.stringify(one)]);
    return h(
      "article",
      { class: "gate-call" },
      h("p", {}, h("strong", { class: "mono" }, call.tool), " ", h("span", { class: "muted" }, call.description)),
      shown.length ? facts(shown) : h("p", { class: "muted" }, "It takes no arguments."),
      mayAnswer ? this.#editor(call) : null,
    );
  }

  #editor(call) {
    const editor = argumentsEditor(call);
    this.#editors.set(call.call_id, editor);
    return editor.element;
  }
}

/** The arguments of a call as JSON to change, checked while it is written. */
function argumentsEditor({ call_id: id, tool, arguments: given }) {
  const proposed = JSON.stringify(given, null, 2);
  const text = h("textarea", { rows: Math.min(14, proposed.split("\n").length + 1), class: "mono", spellcheck: "false", id: `arguments-${id}`, "aria-describedby": `arguments-${id}-error` });
  text.value = proposed;
  const error = h("p", { class: "field-error", id: `arguments-${id}-error`, role: "alert" });
  const reset = h("button", { type: "button", class: "button quiet small" }, "Reset");
  const details = h(
    "details",
    { class: "adjust" },
    h("summary", {}, glyph("chevron", "glyph chevron"), "Edit the arguments"),
    h("div", { class: "field" }, h("label", { for: text.id }, `Arguments of ${tool}, as JSON`), text, error, reset),
  );
  const read = () => {
    try {
      const value = JSON.parse(text.value);
      if (value === null || typeof value !== "object" || Array.isArray(value)) return { error: "The arguments must be an object: { … }." };
      return { value: JSON.stringify(value) === JSON.stringify(given) ? null : value };
    } catch (problem) {
      return { error: `This is not JSON yet: ${problem.message}.` };
    }
  };
  const check = () => {
    const problem = read().error ?? "";
    error.textContent = problem;
    text.setAttribute("aria-invalid", String(Boolean(problem)));
    show(reset, text.value !== proposed);
  };
  text.addEventListener("input", check);
  reset.addEventListener("click", () => {
    text.value = proposed;
    check();
    text.focus();
  });
  check();
  const refuse = () => {
    details.open = true;
    check();
    text.focus();
    return null;
  };
  return { element: details, read, refuse };
}
