/** The record of the plan: one line for each step, iterations and checkpoints with their details. */

import { h, icon, keyed, setText, show } from "./dom.js";
import { checkpointCard } from "./checkpoint-view.js";
import { iterationLine } from "./iteration-view.js";
import { dateAndTime, timeOfDay } from "./format.js";

const ITERATION = /^Starting iteration ([0-9]+) of/;
const CHECKPOINT = /^CHECKPOINT REACHED \(Iteration ([0-9]+)\)/;

export function timelineView(context) {
  const list = document.getElementById("timeline");
  const empty = document.getElementById("timeline-empty");
  const follow = follower();
  // What the server wrote is for readers without scripts; the same lines come from the log.
  list.replaceChildren();
  const parts = new WeakMap();
  connectExpandAll(list);
  return (store) => {
    const { state } = store;
    const lines = state.timeline;
    show(empty, lines.length === 0 && !state.finished);
    const before = list.childElementCount;
    keyed(list, lines, {
      key: (line) => line.key,
      create: (line) => create(line, parts, context, store),
      update: (element) => parts.get(element)?.(store),
    });
    show(document.getElementById("expand-all"), state.iterations.length > 0);
    if (list.childElementCount > before) follow(!state.finished);
  };
}

function create(line, parts, context, store) {
  const time = h("time", { datetime: line.time ?? "", title: dateAndTime(line.time) }, timeOfDay(line.time));
  const body = h("div", { class: "line-body" });
  const element = h("li", { class: "line", data: { level: line.level } }, icon(line.icon), body);
  const iteration = ITERATION.exec(line.text);
  if (iteration) {
    parts.set(element, iterationLine(body, line, Number(iteration[1]), time, context));
    return element;
  }
  body.append(h("p", { class: "line-head" }, h("span", { class: "line-text" }, line.text), time));
  const checkpoint = CHECKPOINT.exec(line.text);
  if (checkpoint) {
    const at = Number(checkpoint[1]);
    const found = store.state.checkpoints.findLast((one) => one.iteration === at);
    if (found) parts.set(element, checkpointCard(body, found.number, context));
  }
  return element;
}

/** Keep the newest line in sight for a reader who is at the end; offer the way there to others. */
function follower() {
  const jump = document.getElementById("jump");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const distance = () => document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
  const goToEnd = () => {
    window.scrollTo({ top: document.documentElement.scrollHeight, behavior: calm.matches ? "auto" : "smooth" });
    jump.hidden = true;
  };
  let atEnd = false;
  jump.addEventListener("click", goToEnd);
  window.addEventListener("scroll", () => {
    atEnd = distance() < 120 && window.scrollY > 0;
    if (atEnd) jump.hidden = true;
  }, { passive: true });
  return (live) => {
    if (!live || distance() < 120) jump.hidden = true;
    else if (atEnd && !calm.matches) goToEnd();
    else jump.hidden = window.scrollY === 0;
  };
}

function connectExpandAll(list) {
  const button = document.getElementById("expand-all");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    for (const details of list.querySelectorAll("details.iteration")) details.open = open;
    button.setAttribute("aria-pressed", String(open));
    setText(button, open ? "Hide all details" : "Show all details");
  });
}
