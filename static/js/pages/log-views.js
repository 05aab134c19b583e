/** The run timeline and the system log: lines of the log, drawn while somebody looks. */

import { OPERATIONS } from "../chat/index.js";
import { h, icon, keyed, setText, show } from "./dom.js";
import { dateAndTime, duration, timeOfDay } from "./format.js";

const MOST_LINES = 1000;

export function timelineView({ panels }) {
  const list = document.getElementById("run-timeline");
  const empty = document.getElementById("run-timeline-empty");
  let latest = null;
  const draw = () => {
    if (!latest || !panels.isShown("timeline")) return;
    const { state } = latest;
    const groups = grouped(state.timeline, state);
    show(empty, groups.length === 0);
    keyed(list, groups, {
      key: ({ key }) => key,
      create: () => h("li", { class: "run" }, h("p", { class: "run-head" }, h("strong", {}), h("span", { class: "muted" })), h("ol", { class: "run-lines" })),
      update: (element, group) => {
        setText(element.querySelector("strong"), group.title);
        setText(element.querySelector(".run-head .muted"), group.took);
        element.dataset.level = group.level;
        keyed(element.querySelector("ol"), group.lines, { key: ({ key, position }) => `${key}:${position}`, create: timelineLine, update: updateLine });
      },
    });
  };
  panels.onShow(draw);
  return (store) => {
    latest = store;
    draw();
  };
}

function timelineLine(line) {
  const time = h("time", { datetime: line.time ?? "", title: dateAndTime(line.time) }, timeOfDay(line.time));
  return h("li", { class: "run-line", data: { level: line.level } }, icon(line.icon), h("span", { class: "run-text" }), time);
}

function updateLine(element, line) {
  setText(element.querySelector(".run-text"), line.text);
}

/** Lines of one run belong together; what belongs to none stands alone. */
function grouped(lines, state) {
  const groups = [];
  const known = new Map();
  for (const line of lines.slice(-MOST_LINES)) {
    const key = line.runId ?? "session";
    let group = line.runId ? known.get(key) : groups.at(-1)?.runId === null ? groups.at(-1) : null;
    if (!group) {
      group = { key: `${key}:${line.position}`, runId: line.runId, lines: [] };
      known.set(key, group);
      groups.push(group);
    }
    group.lines.push(line);
  }
  return groups.map((group) => ({ ...group, ...headOf(group, state) }));
}

function headOf({ runId, lines }, state) {
  const last = lines.at(-1);
  if (!runId) return { title: "Session", took: "", level: "info" };
  const messages = Object.values(state.messages).filter((message) => message.runId === runId);
  const asked = messages.find(({ role }) => role === "user");
  const running = state.runs[runId];
  const kind = running?.kind ?? (asked?.workflow ? "workflow" : asked ? "reply" : "initialise");
  const took = running ? "at work" : duration(new Date(last.time) - new Date(lines[0].time));
  return { title: asked ? `${asked.text.slice(0, 80)}` : OPERATIONS[kind] ?? "Work", took, level: last.level };
}

export function systemLogView({ panels }) {
  const list = document.getElementById("log-lines");
  const panel = document.getElementById("panel-log");
  let latest = null;
  const draw = () => {
    if (!latest || !panels.isShown("log")) return;
    const atEnd = panel.scrollHeight - panel.clientHeight - panel.scrollTop < 60;
    keyed(list, latest.state.systemLog.slice(-MOST_LINES), {
      key: ({ key, position }) => `${key}:${position}`,
      create: (line) =>
        h(
          "li",
          { class: "log-line", data: { level: line.level } },
          h("time", { datetime: line.time ?? "" }, exact(line.time)),
          h("span", { class: "log-level" }, LEVELS[line.level] ?? "INFO"),
          h("span", { class: "log-agent" }, line.agent || "session"),
          h("span", { class: "log-text" }, line.text),
        ),
    });
    if (atEnd) panel.scrollTop = panel.scrollHeight;
  };
  document.getElementById("log-copy").addEventListener("click", () => copy(latest.state.systemLog));
  panels.onShow(draw);
  return (store) => {
    latest = store;
    draw();
  };
}

const LEVELS = { info: "INFO", success: "INFO", warning: "WARN", error: "ERROR" };

function exact(iso) {
  return iso ? new Date(iso).toISOString().slice(11, 23) : "";
}

async function copy(lines) {
  const text = lines.map(({ time, level, agent, text: said }) => `${time} ${LEVELS[level]} ${agent}: ${said}`).join("\n");
  const button = document.getElementById("log-copy");
  try {
    await navigator.clipboard.writeText(text);
    setText(button, "Copied");
  } catch {
    setText(button, "Not allowed");
  }
  setTimeout(() => setText(button, "Copy"), 1800);
}
