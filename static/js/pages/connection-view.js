/** Says what is wrong with the connection, and what can be done; nothing while all is well. */

import { WORDS } from "../plan/index.js";
import { h, icon, show } from "./dom.js";

const KEEPS = "The plan goes on, and nothing is lost.";

const CLOSED = {
  signed_out: "You are signed out.",
  forbidden: "You may not watch this plan any more.",
  not_found: "This plan's stream does not exist any more.",
  bad_request: "The server did not understand this page. Reload it.",
};

export function connectionView({ retry, urls }) {
  const banner = document.getElementById("connection-banner");
  const parts = build(banner, retry, urls);
  let shown = "";
  let trouble = false;
  const draw = (store) => {
    const { connection, state } = store;
    if (["reconnecting", "offline"].includes(connection.state)) trouble = true;
    else if (connection.state !== "connecting") trouble = false;
    const notice = state.finished ? null : noticeOf(connection, trouble);
    if (!show(banner, Boolean(notice))) {
      shown = "";
      return;
    }
    banner.dataset.kind = notice.kind;
    // Only a new trouble is announced; the countdown beside it is not.
    if (shown !== notice.title) parts.title.textContent = shown = notice.title;
    parts.text.textContent = notice.text;
    show(parts.retry, Boolean(notice.retry));
    show(parts.link, Boolean(notice.signIn));
  };
  let last = null;
  setInterval(() => last && !banner.hidden && draw(last), 500);
  return (store) => draw((last = store));
}

function build(banner, retry, urls) {
  const parts = {
    title: h("strong", {}),
    text: h("span", { "aria-live": "off" }),
    retry: h("button", { type: "button", class: "button quiet small", on: { click: retry } }, "Retry now"),
    link: h("a", { class: "button primary small", href: urls.sign_in }, "Sign in"),
  };
  const words = h("p", { class: "banner-text" }, parts.title, " ", parts.text);
  banner.replaceChildren(icon("cross"), words, parts.retry, parts.link);
  return parts;
}

function noticeOf({ state, details }, trouble) {
  if (state === "offline") {
    return { kind: "error", title: WORDS.connectionLost(), text: `You are offline. ${KEEPS}`, retry: true };
  }
  if (state === "reconnecting") return reconnecting(details);
  if (state === "connecting" && trouble) {
    return { kind: "error", title: WORDS.connectionLost(), text: `Reconnecting now… ${KEEPS}`, retry: false };
  }
  if (state === "polling" && details.reason === "fallback") {
    const text = "Live updates do not get through, so this page asks regularly instead.";
    return { kind: "warning", title: "Checking regularly.", text, retry: true };
  }
  if (state === "closed" && CLOSED[details.reason]) {
    const signIn = details.reason === "signed_out";
    const text = signIn ? `Sign in to go on watching. ${KEEPS}` : details.message ?? "";
    return { kind: "error", title: CLOSED[details.reason], text, signIn };
  }
  return null;
}

function reconnecting({ status, retryAt }) {
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const again = seconds ? `Reconnecting in ${seconds} s.` : "Reconnecting now…";
  if (status === 429) {
    const text = `Close this plan in other windows. ${again}`;
    return { kind: "warning", title: "Too many connections are open for you.", text, retry: true };
  }
  return { kind: "error", title: WORDS.connectionLost(), text: `${again} ${KEEPS}`, retry: true };
}
