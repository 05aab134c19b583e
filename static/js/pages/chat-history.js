/** Finds other chats beside the one that is open, by title and by what was asked. */

import { h, show } from "./dom.js";

const AFTER_MS = 200;

/**
 * Where the list opens over the conversation, it closes again when that is used. The reader's
 * own choice for wide windows stays as it is.
 */
export function closeOverConversation() {
  const over = matchMedia("(min-width: 768px) and (max-width: 1120px)");
  const close = () => {
    if (!over.matches || document.documentElement.dataset.history === "closed") return;
    document.documentElement.dataset.history = "closed";
    document.querySelector(".history-toggle").setAttribute("aria-expanded", "false");
  };
  document.getElementById("chat-main").addEventListener("pointerdown", close);
  document.getElementById("history").addEventListener("keydown", ({ key }) => key === "Escape" && close());
}

export function connectChatSearch({ api, session }) {
  const input = document.getElementById("history-search");
  const list = document.getElementById("history-list");
  const none = document.getElementById("history-none");
  const all = [...list.children];
  let timer = null;
  let asked = 0;
  const find = async () => {
    const search = input.value.trim();
    const mine = (asked += 1);
    if (!search) return draw(all);
    try {
      const { results } = await api.listSessions({ search });
      if (mine === asked) draw(results.map((one) => entry(one, session.id)));
    } catch {
      // What is listed stays; the next key asks again.
    }
  };
  const draw = (entries) => {
    list.replaceChildren(...entries);
    show(none, entries.length === 0);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, AFTER_MS);
  });
}

function entry({ id, title, state }, current) {
  const dot = h("span", { class: "state-dot", data: { state }, "aria-hidden": "true" });
  const link = h("a", { href: `/chats/${id}/`, title, "aria-current": id === current ? "page" : null }, dot, h("span", { class: "history-goal" }, title), h("span", { class: "visually-hidden" }, state.replaceAll("_", " ")));
  return h("li", {}, link);
}
