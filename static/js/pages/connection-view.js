/** Says what is wrong with the connection, and what can be done; nothing while all is well. */

import { h, icon, show } from "./dom.js";

/**
 * @param {{ retry: () => void, urls: { sign_in: string }, words: { what: string, lost: string } }} context
 *   `words.what` is what is watched ("plan"), `words.lost` what is said first of a lost connection
 */
export function connectionView({ retry, urls, words }) {
  const banner = document.getElementById("connection-banner");
  const parts = build(banner, retry, urls);
  const said = wordsOf(words);
  let shown = "";
  let trouble = false;
  const draw = (store) => {
    const { connection, state } = store;
    if (["reconnecting", "offline"].includes(connection.state)) trouble = true;
    else if (connection.state !== "connecting") trouble = false;
    const notice = state.finished ? null : noticeOf(connection, trouble, said);
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

function wordsOf({ what, lost }) {
  return {
    lost,
    keeps: `The ${what} goes on, and nothing is lost.`,
    crowded: `Close this ${what} in other windows.`,
    closed: {
      signed_out: "You are signed out.",
      forbidden: `You may not watch this ${what} any more.`,
      not_found: `This ${what}'s stream does not exist any more.`,
      bad_request: "The server did not understand this page. Reload it.",
    },
  };
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

function noticeOf({ state, details }, trouble, words) {
  if (state === "offline") {
    return { kind: "error", title: words.lost, text: `You are offline. ${words.keeps}`, retry: true };
  }
  if (state === "reconnecting") return reconnecting(details, words);
  if (state === "connecting" && trouble) {
    return { kind: "error", title: words.lost, text: `Reconnecting now… ${words.keeps}`, retry: false };
  }
  if (state === "polling" && details.reason === "fallback") {
    const text = "Live updates do not get through, so this page asks regularly instead.";
    return { kind: "warning", title: "Checking regularly.", text, retry: true };
  }
  if (state === "closed" && words.closed[details.reason]) {
    const signIn = details.reason === "signed_out";
    const text = signIn ? `Sign in to go on watching. ${words.keeps}` : details.message ?? "";
    return { kind: "error", title: words.closed[details.reason], text, signIn };
  }
  return null;
}

function reconnecting({ status, retryAt }, words) {
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const again = seconds ? `Reconnecting in ${seconds} s.` : "Reconnecting now…";
  if (status === 429) {
    const text = `${words.crowded} ${again}`;
    return { kind: "warning", title: "Too many connections are open for you.", text, retry: true };
  }
  return { kind: "error", title: words.lost, text: `${again} ${words.keeps}`, retry: true };
}
