/** Asks whether to go on waiting when a run has told nothing for too long. Nothing is ever stopped by itself. */

import { Silence } from "../strategy/index.js";
import { setText, slot } from "./dom.js";
import { span } from "./format.js";

/** @param {{ stream: any, strategy: { no_progress_seconds: number }, user: { may_change: boolean }, actions: { stop(): any } }} context */
export function stalledDialog({ stream, strategy, user, actions }) {
  const dialog = document.getElementById("stalled-dialog");
  const silence = new Silence({ limitMs: strategy.no_progress_seconds * 1000 });
  stream.on("opened", (data) => (silence.limitMs = data.no_progress_seconds * 1000));
  let latest = null;
  const told = () => latest.state.silence?.position ?? 0;
  const answer = (act) => {
    silence.keepWaiting(told());
    dialog.close();
    act?.();
  };
  dialog.querySelector("[data-wait]").addEventListener("click", () => answer());
  dialog.querySelector("[data-stop]").addEventListener("click", () => answer(() => actions.stop()));
  dialog.querySelector("[data-stop]").hidden = !user.may_change;
  dialog.addEventListener("cancel", () => silence.keepWaiting(told()));
  const look = () => {
    if (!latest) return;
    const { state, intent, connection } = latest;
    const works = state.runState === "running" && !state.finished && intent !== "cancelling";
    const connected = connection.state === "open" || connection.state === "polling";
    silence.note({ heard: state.heard, works, connected });
    const over = silence.isOver(told());
    if (over) setText(slot(dialog, "about"), aboutOf(state, silence));
    if (over && !dialog.open && !document.querySelector("dialog[open]")) dialog.showModal();
    if (!over && dialog.open) dialog.close();
  };
  setInterval(look, 1000);
  return (store) => {
    latest = store;
    look();
  };
}

function aboutOf({ operation }, { lasts, limitMs }) {
  const step = operation ? `“${operation.name}” has` : "The strategy has";
  return `${step} told nothing for ${span(Math.max(lasts, limitMs) / 1000)}. It is still at work, and it may take longer.`;
}
