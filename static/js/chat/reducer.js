/**
 * The state of a session's page as a pure function of its log, in inline and in signal mode.
 *
 * Replaying gives what watching gave, and so does a snapshot with the events after it, less the
 * lines that only the log has.
 */

import { gapOf, isNew } from "../log/opened.js";
import { freshGate, gateHandlers, gateOfRest, withGateOf } from "./gate-events.js";
import { WORDS, withLine } from "./lines.js";
import { messageHandlers } from "./message-events.js";
import { partHandlers, withPartText } from "./part-events.js";
import { runHandlers } from "./run-events.js";
import { derived } from "./runs.js";
import { sessionHandlers } from "./session-events.js";
import { fromSnapshot } from "./snapshot.js";
import { initialState, withArrived, withMessage } from "./state.js";

const HANDLERS = { ...sessionHandlers, ...runHandlers, ...messageHandlers, ...partHandlers, ...gateHandlers, stream_gap: missed };

/**
 * Apply one event of the log, or one control message of the stream. Never changes `state`; a
 * duplicate or a malformed message returns it as it is.
 * @param {CairnChat.ChatState} state
 * @param {object} event
 * @returns {CairnChat.ChatState}
 */
export function reduce(state, event) {
  if (event?.type === "stream_opened") return reduceOpened(state, event);
  if (!isNew(state, event)) return state;
  const handler = Object.hasOwn(HANDLERS, event.type) ? HANDLERS[event.type] : null;
  const seen = { ...state, position: event.position, sessionId: event.session_id ?? state.sessionId };
  return handler ? derived(handler(seen, { ...event, data: event.data ?? {} }), seen) : seen;
}

/** Reduce a whole log from the beginning. */
export function fromEvents(events) {
  return events.reduce(reduce, initialState());
}

/**
 * Put in text that was pulled: of a message, or of a part of one, wherever it belongs. An answer
 * that is older than what is here changes nothing.
 * @param {CairnChat.ChatState} state
 * @param {string} messageId
 * @param {{ content: string, sequence: number }} pulled the whole text up to the sequence
 */
export function withContent(state, messageId, { content, sequence }) {
  const want = state.wanted[messageId];
  if (want?.part) return withArrived(withPartText(state, want, messageId, content), messageId, sequence);
  const message = state.messages[messageId];
  if (!message || sequence <= message.sequence) return state;
  return withArrived(withMessage(state, messageId, { text: content, sequence }), messageId, sequence);
}

/** Put in what REST tells of a gate: the log does not tell the options of a question. */
export function withGate(state, gate) {
  const { id, ...told } = gateOfRest(gate);
  const known = state.gates.find((one) => one.id === id) ?? freshGate(id);
  const change = known.state === "pending" || known.state === "announced" ? told : { calls: told.calls, options: told.options };
  return derived(withGateOf(state, id, change), state);
}

/** The gate that a reply waits at, or waited at: each round of a run asks at most once. */
export function gateOf(state, message) {
  const rounds = Object.values(state.messages).filter(({ role, runId }) => role === "assistant" && runId === message.runId);
  const number = rounds.findIndex(({ id }) => id === message.id) + 1;
  return state.gates.find(({ runId, name }) => runId === message.runId && name.endsWith(`-${number}`)) ?? null;
}

function reduceOpened(state, event) {
  const { resume, snapshot, position } = event.data ?? {};
  if (resume === "snapshot" && snapshot) return fromSnapshot(snapshot, position);
  const gap = gapOf(state, event);
  return gap ? reduce(state, gap) : state;
}

/** The server no longer has some events: say so, once, and let the page fetch what it needs. */
function missed(state, event) {
  const { from, to } = event.data;
  return withLine({ ...state, gap: { from, to } }, event, { icon: "warning", text: WORDS.gap(from, to), level: "warning", agent: "stream" });
}
