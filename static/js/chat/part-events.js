/** Events of the parts of a reply: intent, query, insight, summary, references, tools, result. */

import { upsert } from "../log/lists.js";
import { WORDS, withLine } from "./lines.js";
import { withArrived, withParts, withWanted } from "./state.js";

const ICON_OF = { query: "code", insight: "spark", summary: "chart", reference: "file" };

export const partHandlers = {
  intent_parsed(state, event) {
    const { reply_id: id, intent_type, confidence, reasoning, plot } = event.data;
    const intent = { intent_type, confidence, reasoning, plot };
    return said(withParts(state, id, { intent }), event, { icon: "compass", text: WORDS.intent(event.data), agent: "intent" });
  },

  query_executed: ready("query"),
  insight_generated: ready("insight"),
  data_summary: ready("summary"),
  reference_read: ready("reference"),

  tool_call_started(state, event) {
    const { reply_id: id, call_id, tool, arguments: given, approval } = event.data;
    const call = { call_id, tool, arguments: given ?? {}, approval, state: "running", result: null, error: "" };
    return said(withTool(state, id, call), event, { icon: "tool", text: WORDS.toolStarted(tool), agent: tool });
  },

  tool_call_result(state, event) {
    const { reply_id: id, call_id, result, error } = event.data;
    const known = state.messages[id]?.parts.tools.find((one) => one.call_id === call_id);
    const change = { call_id, state: error ? "failed" : "finished", result: result ?? null, error: error ?? "" };
    const done = withTool(state, id, change);
    const tool = known?.tool ?? call_id;
    if (error) return said(done, event, { icon: "cross", text: WORDS.toolFailed(tool, error), level: "error", agent: tool });
    return said(done, event, { icon: "check", text: WORDS.toolFinished(tool), level: "success", agent: tool });
  },

  /** The whole result again: only what no other event has brought is taken from it. */
  result(state, event) {
    const { operation, status, reply_id: id } = event.data;
    if (operation === "workflow") return withPart(state, event.data, "card");
    if (operation !== "reply") return state;
    const told = withParts(state, id, { status });
    // Only tools write files; without them there is nothing more to know, and nothing to pull.
    return ranTools(state, id) ? withPart(told, event.data, "whole") : told;
  },
};

/** Put in the text of a part that was pulled. */
export function withPartText(state, { of, part }, messageId, content) {
  const value = parsed(content);
  if (value === undefined) return state;
  return of.reduce((done, one) => withValue(done, one, part, value, messageId), state);
}

function ready(part) {
  return (state, event) => said(withPart(state, event.data, part), event, { icon: ICON_OF[part], text: WORDS[part](event.data), agent: part });
}

function said(state, event, line) {
  return withLine(state, event, { ...line, byStep: true });
}

/** A part's content is JSON text under an id of its own, here or to be pulled. */
function withPart(state, { message_id: id, reply_id: of, sequence = 1, content }, part) {
  if (!state.messages[of]) return state;
  const value = parsed(content);
  if (value === undefined) return isHere(state, of, part, id) ? state : withWanted(state, id, { sequence, final: true, of: [of], part });
  return withArrived(withValue(state, of, part, value, id), id, sequence);
}

/** A snapshot has brought it, which was newer than its position. */
function isHere(state, of, part, id) {
  const { parts } = state.messages[of];
  if (part === "whole") return parts.files.length > 0;
  return part === "reference" ? parts.references.some((one) => one.message_id === id) : parts[part] !== null;
}

function withValue(state, of, part, value, id) {
  if (part === "whole") return withParts(state, of, { files: value.files ?? [] });
  if (part === "card") return withParts(state, of, { card: value });
  if (part !== "reference") return withParts(state, of, { [part]: value });
  const known = state.messages[of]?.parts.references ?? [];
  const { text: _, ...reference } = value;
  const references = upsert(known, (one) => one.message_id === id, { ...reference, message_id: id }, {});
  return withParts(state, of, { references });
}

function withTool(state, id, change) {
  const tools = state.messages[id]?.parts.tools ?? [];
  return withParts(state, id, { tools: upsert(tools, (one) => one.call_id === change.call_id, change, {}) });
}

function ranTools(state, id) {
  const runId = state.messages[id]?.runId;
  return Object.values(state.messages).some((message) => message.runId === runId && message.parts.tools.length > 0);
}

function parsed(content) {
  if (content === undefined || content === null) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
