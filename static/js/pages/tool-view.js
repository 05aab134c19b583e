/** Calls of tools: what was to be done with which arguments, who allowed it, and what came of it. */

import { h } from "./dom.js";
import { asJson, facts, partCard } from "./part-card.js";

const APPROVALS = { not_needed: "", automatic: "allowed in advance", given: "approved" };

const STATES = { running: "Running…", finished: "Done", failed: "Failed" };

/** One call of a message: what was executed, or what is asked for. */
export function toolCard(call) {
  const { tool, state, error, result, decided } = call;
  return partCard({
    kind: "tool",
    icon: state === "denied" ? "cross" : "tool",
    title: [h("span", { class: "mono" }, tool), " ", h("span", { class: "tool-state", data: { state } }, stateOf(call))],
    note: noteOf(call),
    body: () => [
      call.description ? h("p", {}, call.description) : null,
      argumentsOf(call),
      decided?.comment ? facts([[decided.decision === "reject" ? "Reason" : "Comment", decided.comment]]) : null,
      error ? h("p", { class: "notice error" }, error) : null,
      state === "finished" ? resultOf(result) : null,
    ],
  });
}

function stateOf({ state }) {
  return STATES[state] ?? { pending: "Waiting for approval", approved: "Approved", denied: "Denied", withdrawn: "Withdrawn", expired: "Nobody answered" }[state] ?? state;
}

function noteOf({ decided, approval, edited }) {
  const by = decided?.decidedBy ? ` by ${decided.decidedBy}` : "";
  if (decided?.decision === "reject") return by ? `denied${by}` : null;
  if (decided?.decision) return `${edited ? "edited and " : ""}approved${decided.decision === "approve_all" ? " for good" : ""}${by}`;
  return APPROVALS[approval] || null;
}

function argumentsOf({ arguments: given, asked, edited }) {
  const shown = Object.entries(given ?? {}).map(([name, one]) => [name, plain(one)]);
  return h(
    "div",
    { class: "arguments" },
    shown.length ? facts(shown) : h("p", { class: "muted" }, "It takes no arguments."),
    edited && asked ? asJson(asked, "Arguments as they were proposed") : null,
  );
}

function plain(one) {
  return typeof one === "string" ? one : JSON.stringify(one);
}

function resultOf(result) {
  if (result === null || result === undefined || result === "") return null;
  if (typeof result === "string") return h("pre", { class: "quoted", tabindex: "0" }, result);
  return asJson(result, "Result");
}

/**
 * The calls that a message shows: its `own`, and those it `requested`, joined with what became of
 * them in a later message of the same run.
 * @param {any} message
 * @param {{ asked: any, gates: any[], replies: any[] }} run the gate that the message ended with,
 *   all gates of the run, and all its messages
 */
export function callsOf(message, { asked: gate, gates, replies }) {
  const asked = new Set(gates.flatMap(({ calls }) => calls.map(({ call_id: id }) => id)));
  const own = message.parts.tools.filter(({ call_id: id }) => !asked.has(id));
  if (gate?.kind !== "tool") return { own, requested: [] };
  const done = new Map(replies.flatMap(({ parts }) => parts.tools).map((one) => [one.call_id, one]));
  return { own, requested: gate.calls.map((call) => ({ ...call, ...decisionOf(gate, call, done.get(call.call_id)) })) };
}

function decisionOf(gate, call, done) {
  const decided = gate.decision ? { decision: gate.decision, decidedBy: gate.decidedBy, comment: gate.comment } : null;
  const edited = gate.edited?.includes(call.call_id) ?? false;
  if (done) return { ...done, asked: call.arguments, edited, decided };
  if (gate.decision === "reject") return { state: "denied", decided };
  if (gate.decision) return { state: "approved", decided, edited };
  return { state: gate.state === "announced" ? "pending" : gate.state, decided };
}
