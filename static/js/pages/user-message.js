/** What somebody said: a bubble, with what can be done about it below. */

import { copyButton } from "./copy.js";
import { glyph, h, keyed, setText, show } from "./dom.js";
import { linesOf } from "./reference.js";

/** Build the element of a user's message; returns it with the function that brings it up to date. */
export function userMessage({ actions, user, urls }) {
  const parts = {
    who: h("h2", { class: "visually-hidden" }),
    bubble: h("div", { class: "bubble" }),
    files: h("ul", { class: "referred", "aria-label": "Files this refers to" }),
    state: h("p", { class: "message-state", role: "status" }),
    picker: h("div", { class: "picker", role: "group", "aria-label": "Versions of this message", "data-testid": "branch-picker" }),
    place: h("span", { class: "picker-place" }),
    tools: h("div", { class: "message-tools" }),
  };
  const element = h("article", { class: "message user", "data-testid": "user-message" }, parts.who, parts.bubble, parts.files, h("div", { class: "message-foot" }, parts.state, parts.picker, parts.tools));
  let latest = null;
  const step = (by) => () => actions.show(latest.picker.messages[latest.picker.index + by]);
  const [back, on] = [pickerButton("Earlier version", "chevron back", step(-1)), pickerButton("Later version", "chevron on", step(1))];
  parts.picker.append(back, parts.place, on);
  const edit = tool("Edit", "pencil", () => startEditing(element, latest.message, actions));
  const again = tool("Ask again", "retry", () => actions.askAgain(latest.message));
  const retry = h("button", { type: "button", class: "button small", on: { click: () => actions.resend(latest.message) } }, glyph("retry"), "Try again");
  const discard = h("button", { type: "button", class: "button quiet small", on: { click: () => actions.discard(latest.message) } }, "Discard");
  parts.tools.append(copyButton("Copy the message", () => latest.message.text), edit, again, retry, discard);
  const update = (message, scene) => {
    const picker = scene.pickers.get(message.id) ?? null;
    latest = { message, picker };
    const { local } = message;
    element.dataset.state = local?.state ?? (scene.queued.has(message.runId) ? "queued" : "sent");
    setText(parts.who, `${message.by ?? user.name} said`);
    setText(parts.bubble, message.text || (local ? "" : "…"));
    setText(parts.state, stateText(element.dataset.state, message));
    if (show(parts.picker, Boolean(picker))) {
      setText(parts.place, `${picker.index + 1} / ${picker.count}`);
      back.disabled = picker.index === 0;
      on.disabled = picker.index === picker.count - 1;
    }
    const references = message.parts?.references ?? [];
    keyed(parts.files, references, { key: ({ reference }) => reference, create: (one) => referred(one, urls) });
    const failed = local?.state === "failed";
    show(edit, user.may_write && !local && !message.workflow);
    show(again, user.may_write && !local && !message.workflow);
    show(retry, failed);
    show(discard, failed);
  };
  return { element, update };
}

/** A file that went along with the message: which lines of it, and the way to all of it. */
function referred(reference, { files }) {
  const { path, kind } = reference;
  const words = [h("span", { class: "mono" }, path), " ", h("span", { class: "muted" }, linesOf(reference))];
  if (kind === "directory") return h("li", {}, glyph("panel"), ...words);
  return h("li", {}, h("a", { href: files + path.split("/").map(encodeURIComponent).join("/"), download: "" }, glyph("file"), ...words));
}

function stateText(state, { local }) {
  if (state === "failed") return local.error;
  return { sending: "Sending…", queued: "Queued: answered when its turn comes" }[state] ?? "";
}

function tool(name, icon, click) {
  return h("button", { type: "button", class: "mini", "aria-label": name, title: name, on: { click } }, glyph(icon));
}

function pickerButton(name, icon, click) {
  return h("button", { type: "button", class: "mini", "aria-label": name, title: name, on: { click } }, glyph("chevron", `glyph ${icon}`));
}

/** Put an editor in the place of the bubble until it is sent or given up. */
function startEditing(element, message, actions) {
  if (element.querySelector(".editor")) return;
  const bubble = element.querySelector(".bubble");
  const text = h("textarea", { rows: Math.min(8, message.text.split("\n").length + 1), "aria-label": "Edit the message", maxlength: 20000 });
  text.value = message.text;
  const error = h("p", { class: "notice error", role: "alert", hidden: true });
  const send = h("button", { type: "button", class: "button primary small" }, "Ask this instead");
  const cancel = h("button", { type: "button", class: "button quiet small" }, "Cancel");
  const editor = h("div", { class: "editor" }, text, error, h("p", { class: "hint" }, "The answer so far stays on its own branch."), h("div", { class: "form-end" }, cancel, send));
  const close = () => {
    editor.remove();
    bubble.hidden = false;
    element.querySelector('[aria-label="Edit"]')?.focus();
  };
  const submit = async () => {
    if (!text.value.trim() || send.disabled) return;
    send.disabled = true;
    const refused = await actions.edit(message, text.value);
    send.disabled = false;
    if (!refused) return close();
    error.textContent = refused;
    error.hidden = false;
  };
  text.addEventListener("input", () => (send.disabled = !text.value.trim()));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  send.addEventListener("click", submit);
  cancel.addEventListener("click", close);
  bubble.hidden = true;
  bubble.after(editor);
  text.focus();
}
