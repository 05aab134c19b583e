/**
 * The parts of the page beside the conversation. On a wide screen they are a panel with tabs that
 * can be folded away; on a narrow one the conversation is one of the tabs.
 */

import { choose, setting } from "./settings.js";

const PANELS = ["data", "timeline", "log"];

export function connectPanels() {
  const layout = document.getElementById("chat");
  const toggle = document.getElementById("panel-toggle");
  const wide = tabList(document.querySelector(".panel-tabs"), "panel", (name) => show(name));
  const narrow = tabList(document.querySelector(".view-tabs"), "view", (name) => view(name));
  const listeners = new Set();
  let current = startPanel();
  const show = (name) => {
    current = name;
    layout.dataset.panel = name;
    for (const one of PANELS) document.getElementById(`panel-${one}`).hidden = one !== name;
    wide.select(name);
    remember(name);
    for (const listener of listeners) listener(name);
  };
  const view = (name) => {
    layout.dataset.view = name;
    narrow.select(name);
    if (PANELS.includes(name)) show(name);
  };
  const fold = (open) => {
    document.documentElement.dataset.panel = open ? "open" : "closed";
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    choose("panel", open ? "open" : "closed");
    fold(open);
  });
  fold(setting("panel") === "open");
  show(current);
  return {
    /** Whether a panel can be seen right now. */
    isShown: (name) => current === name && document.getElementById(`panel-${name}`).offsetParent !== null,
    onShow: (listener) => listeners.add(listener),
    view,
  };
}

function startPanel() {
  const named = new URLSearchParams(location.search).get("panel");
  return PANELS.includes(named) ? named : "data";
}

/** The panel is part of the address, so that a link leads to it. */
function remember(name) {
  const address = new URL(location.href);
  if (name === "data") address.searchParams.delete("panel");
  else address.searchParams.set("panel", name);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/** Tabs as readers expect them: one stop of the Tab key, arrows between them. */
function tabList(list, key, chosen) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const select = (name) => {
    for (const tab of tabs) {
      const is = tab.dataset[key] === name;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => chosen(tab.dataset[key]));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    chosen(tab.dataset[key]);
  });
  return { select };
}
