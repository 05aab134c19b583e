/** The title, the state badge and the live dot; and the way to another title. */

import { h, setText, slot } from "./dom.js";
import { errorMessage } from "./errors.js";
import { liveText } from "./head-view.js";
import { nameThis } from "./waiting.js";

const STATES = {
  idle: "Ready",
  initialising: "Reading the data",
  thinking: "Thinking",
  waiting_approval: "Waiting for approval",
  waiting_answer: "Waiting for an answer",
  stopping: "Stopping…",
};

export function chatHead({ user, api, session }) {
  const badge = document.getElementById("state-badge");
  const live = document.getElementById("live");
  const title = document.getElementById("chat-title");
  const current = document.querySelector("#history-list [aria-current]");
  connectRename({ user, api, session, title });
  let named = title.textContent;
  return ({ state, connection, intent }) => {
    const shown = intent && state.state !== "idle" ? "stopping" : state.state;
    badge.firstElementChild.dataset.state = shown;
    setText(badge.firstElementChild, STATES[shown] ?? shown);
    live.dataset.state = connection.state;
    setText(slot(live, "text"), liveText(connection));
    setText(title, state.title);
    if (current) current.querySelector(".state-dot").dataset.state = state.state;
    if (state.title === named) return;
    named = state.title;
    nameThis(`${named.slice(0, 60)} · Cairn`);
    if (current) setText(current.querySelector(".history-goal"), named);
  };
}

function connectRename({ user, api, session, title }) {
  const button = document.getElementById("rename-button");
  const dialog = document.getElementById("rename-dialog");
  const text = document.getElementById("rename-text");
  const error = slot(dialog, "error");
  button.hidden = !user.may_write;
  button.addEventListener("click", () => {
    text.value = title.textContent;
    error.hidden = true;
    dialog.showModal();
    text.select();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await api.rename(session.id, text.value);
      dialog.close();
    } catch (failure) {
      error.replaceChildren(h("span", {}, errorMessage(failure, "It was not renamed.")));
      error.hidden = false;
    }
  });
}
