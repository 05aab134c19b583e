/** All branches of a conversation: show another, or bring its messages into the one that is shown. */

import { visibleMessages } from "../chat/index.js";
import { glyph, h, setText, show, slot } from "./dom.js";
import { errorMessage } from "./errors.js";
import { counted } from "./format.js";

export function branchesView({ api, session, actions, user }) {
  const button = document.getElementById("branches-button");
  const dialog = document.getElementById("branches-dialog");
  const list = slot(dialog, "list");
  let latest = null;
  let drawn = "";
  const draw = () => {
    const { state } = latest;
    const signature = JSON.stringify([state.branches, state.branchId, Object.keys(state.messages).length]);
    if (!dialog.open || signature === drawn) return;
    drawn = signature;
    list.replaceChildren(...state.branches.map((branch) => row(branch, state, { api, session, actions, user, dialog })));
  };
  button.addEventListener("click", () => {
    drawn = "";
    error(dialog, "");
    dialog.showModal();
    draw();
    dialog.querySelector("h2").focus();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  return (store) => {
    latest = store;
    const { branches, branchId } = store.state;
    if (!show(button, branches.length > 1)) return;
    const name = branches.find(({ id }) => id === branchId)?.name ?? "";
    setText(slot(button, "text"), name);
    button.setAttribute("aria-label", `Branch ${name}: all ${branches.length} branches`);
    draw();
  };
}

function row(branch, state, context) {
  const { actions, user } = context;
  const isShown = branch.id === state.branchId;
  const all = visibleMessages(state, branch.id);
  const own = all.filter((message) => message.branchId === branch.id && message.role !== "system");
  const first = own.find(({ role }) => role === "user")?.text ?? "Nothing was said here yet.";
  const target = state.branches.find(({ id }) => id === state.branchId);
  const show_ = h("button", { type: "button", class: "button quiet small", on: { click: () => actions.switchBranch(branch.id) } }, "Show");
  const merge = h("button", { type: "button", class: "button quiet small", title: `Add these messages to the end of ${target?.name}` }, glyph("merge"), `Merge into ${target?.name}`);
  merge.addEventListener("click", () => mergeInto(branch, target, merge, context));
  const known = new Set(visibleMessages(state).map(({ id }) => id));
  const canMerge = user.may_write && !isShown && own.some(({ id }) => !known.has(id));
  return h(
    "li",
    { class: "branch-row", "aria-current": isShown ? "true" : null },
    h(
      "div",
      { class: "branch-words" },
      h("p", { class: "branch-name" }, glyph("branch"), branch.name, isShown ? h("span", { class: "tag" }, "shown") : null),
      h("p", { class: "branch-first" }, first),
      h("p", { class: "muted" }, `${counted(own.filter(({ role }) => role === "user").length, "question")} of its own`),
    ),
    h("div", { class: "branch-buttons" }, isShown || !user.may_write ? null : show_, canMerge ? merge : null),
  );
}

async function mergeInto(source, target, button, { api, session, dialog }) {
  button.disabled = true;
  error(dialog, "");
  try {
    await api.mergeBranches(session.id, { source: source.id, target: target.id });
    dialog.close();
  } catch (failure) {
    error(dialog, errorMessage(failure, "The branch was not merged."));
    button.disabled = false;
  }
}

function error(dialog, text) {
  setText(slot(dialog, "error"), text);
  show(slot(dialog, "error"), Boolean(text));
}
