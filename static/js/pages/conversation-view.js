/** The conversation: what was said, in order, on the branch that is shown. */

import { visibleMessages } from "../chat/index.js";
import { assistantMessage } from "./assistant-message.js";
import { h, keyed, setText } from "./dom.js";
import { userMessage } from "./user-message.js";

export function conversationView(context) {
  const list = document.getElementById("conversation");
  const thinking = document.getElementById("thinking");
  const views = new WeakMap();
  const pickersOf = remembered();
  list.replaceChildren();
  thinking.remove();
  thinking.hidden = false;
  return (store) => {
    const { state } = store;
    const messages = [...store.messages, ...store.outbox.messages.map(asMessage)];
    const scene = sceneOf(state, messages, pickersOf(state));
    keyed(list, withThinking(state, messages), {
      key: ({ id }) => id,
      create: (message) => (message === THINKING ? thinking : create(message, context, views)),
      update: (element, message) => views.get(element)?.(message, scene),
    });
    list.setAttribute("aria-busy", String(messages.some(({ status }) => status === "streaming")));
  };
}

/** Stands where the next words will be. */
const THINKING = { id: "thinking" };

function withThinking(state, messages) {
  if (!isThinking(state, messages)) return messages;
  const at = messages.findLastIndex(({ runId }) => runId !== null && runId === state.operation?.runId);
  return at < 0 ? [...messages, THINKING] : [...messages.slice(0, at + 1), THINKING, ...messages.slice(at + 1)];
}

function create(message, context, views) {
  if (message.role === "system") {
    const by = message.by ? h("span", { class: "muted" }, ` ${message.by}`) : null;
    const text = h("span", {});
    const element = h("p", { class: "message system", "data-testid": "system-message" }, text, by);
    views.set(element, (latest) => setText(text, latest.text));
    return element;
  }
  const { element, update } = message.role === "user" ? userMessage(context) : assistantMessage(context);
  views.set(element, update);
  return element;
}

/** A message that is not in the log yet, like one that is. */
function asMessage(local) {
  return { id: local.key, role: "user", text: local.text, turn: Infinity, runId: null, by: null, workflow: null, status: "complete", local };
}

/** What messages must know of each other, worked out once for all of them. */
function sceneOf(state, messages, pickers) {
  const replies = new Map();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    // Copies that were merged belong to no run.
    const run = message.runId ?? message.id;
    replies.set(run, [...(replies.get(run) ?? []), message]);
  }
  const gates = new Map();
  for (const gate of state.gates) gates.set(gate.runId, [...(gates.get(gate.runId) ?? []), gate]);
  const runOf = (message) => {
    const mine = replies.get(message.runId ?? message.id) ?? [message];
    const asking = gates.get(message.runId) ?? [];
    const round = mine.findIndex(({ id }) => id === message.id) + 1;
    return { replies: mine, gates: asking, asked: asking.find(({ name }) => name.endsWith(`-${round}`)) ?? null };
  };
  const queued = new Set(Object.values(state.runs).filter((run) => run.state === "queued" && !run.startedAt).map(({ id }) => id));
  const lastOfTurn = new Set([...replies.values()].map((all) => all.at(-1).id));
  return { pickers, runOf, queued, lastOfTurn, last: messages.at(-1)?.id ?? null };
}

/** Between a question and the first words of its answer, and while a gate's answer is worked in. */
function isThinking({ state, operation }, messages) {
  if (state !== "thinking") return false;
  const reply = messages.findLast(({ role, runId }) => role === "assistant" && runId === operation?.runId);
  if (reply?.status === "streaming") return reply.text === "";
  return !reply?.parts.status && !reply?.parts.card;
}

/** The versions of each message, worked out again only when there are others. */
function remembered() {
  let known = { branches: null, count: 0, pickers: new Map() };
  return (state) => {
    const count = Object.keys(state.messages).length;
    if (known.branches !== state.branches || known.count !== count) {
      known = { branches: state.branches, count, pickers: state.branches.length > 1 ? pickersOf(state) : new Map() };
    }
    return known.pickers;
  };
}

/** Messages that follow the same one are versions of each other. */
function pickersOf(state) {
  const places = new Map();
  for (const branch of state.branches) {
    let before = null;
    let previous = null;
    for (const message of visibleMessages(state, branch.id)) {
      if (previous && previous.turn !== message.turn) before = previous;
      previous = message;
      if (message.role !== "user" || message.branchId !== branch.id) continue;
      const place = before ? `${before.branchId}:${before.turn}` : "";
      places.set(place, [...(places.get(place) ?? []), message]);
    }
  }
  const versions = [...places.values()].filter((all) => all.length > 1).map((all) => all.sort((a, b) => a.turn - b.turn));
  return new Map(versions.flatMap((all) => all.map((one, index) => [one.id, { index, count: all.length, messages: all }])));
}
