/** Questions to a person: which calls, or what is asked; how they were decided, and by whom. */

import { upsert } from "../log/lists.js";
import { WORDS, withLine } from "./lines.js";
import { withRun } from "./runs.js";
import { withEach } from "./state.js";

export const gateHandlers = {
  tool_call_requested(state, event) {
    const { gate_id: id, calls } = event.data;
    const asked = withGateOf(state, id, { runId: event.run_id ?? null, kind: "tool", calls });
    return withLine(asked, event, { icon: "hand", text: WORDS.asked(calls), level: "warning", agent: "gate" });
  },

  gate_opened(state, event) {
    const { gate_id: id, kind, name, digest, deadline, decisions, question } = event.data;
    const gate = { runId: event.run_id ?? null, kind, name, state: "pending", question, digest, deadline, decisions, openedAt: event.timestamp };
    const waiting = withRun(withGateOf(state, id, gate), event.run_id, { state: "waiting" });
    // The calls have told of themselves already.
    return withLine(waiting, event, { icon: "hand", text: WORDS.question(question), level: "warning", agent: "gate", quiet: kind === "tool" });
  },

  gate_answered(state, event) {
    const { gate_id: id, kind, decision, decided_by: decidedBy, comment } = event.data;
    const decided = { state: "decided", decision, decidedBy, comment: comment ?? "", decidedAt: event.timestamp };
    const closed = goOn(withGateOf(state, id, decided), event);
    const text = WORDS.answered(decidedBy, comment);
    return withLine(closed, event, { icon: "check", text, agent: "gate", quiet: kind === "tool" });
  },

  /** The policy may have decided; only without a decision does the run end. */
  gate_expired(state, event) {
    const { gate_id: id, policy } = event.data;
    const decides = policy !== "expire";
    const gate = { state: decides ? "decided" : "expired", decision: decides ? policy : null, comment: WORDS.unanswered(), decidedAt: event.timestamp };
    const closed = withGateOf(state, id, gate);
    const next = decides ? goOn(closed, event) : closed;
    return withLine(next, event, { icon: "clock", text: WORDS.unanswered(), level: "warning", agent: "gate" });
  },

  gate_vote(state, event) {
    const { by, approvals, quorum } = event.data;
    return withLine(state, event, { icon: "check", text: `${by} approved: ${approvals} of ${quorum}.`, agent: "gate" });
  },

  tool_call_decided(state, event) {
    const { gate_id: id, decision, decided_by: by, reason, edited } = event.data;
    const decided = withGateOf(state, id, { edited: edited ?? [] });
    const tools = (gateWith(state, id)?.calls ?? []).map(({ tool }) => tool).join(", ");
    if (decision === "reject") {
      return withLine(decided, event, { icon: "cross", text: WORDS.denied(by, tools, reason), level: "warning", agent: "gate" });
    }
    const words = decision === "approve_all" ? WORDS.always : WORDS.allowed;
    return withLine(decided, event, { icon: "check", text: words(by, tools), level: "success", agent: "gate" });
  },
};

/** Change a gate, or note a new one. */
export function withGateOf(state, id, change) {
  return { ...state, gates: upsert(state.gates, (gate) => gate.id === id, change, freshGate(id)) };
}

/** A gate as REST tells it, in the words of the state. */
export function gateOfRest(gate) {
  return {
    id: gate.id,
    runId: gate.run_id,
    kind: gate.kind,
    name: gate.name,
    state: gate.state,
    question: gate.question,
    calls: gate.payload?.calls ?? [],
    options: gate.payload?.options ?? [],
    digest: gate.digest,
    deadline: gate.deadline,
    decisions: gate.decisions,
    decision: gate.decision,
    decidedBy: gate.decided_by,
    comment: gate.comment,
    openedAt: gate.created_at,
    decidedAt: gate.decided_at,
  };
}

/** @returns {CairnChat.Gate} */
export function freshGate(id) {
  return {
    id,
    runId: null,
    kind: null,
    name: "",
    state: "announced",
    question: "",
    calls: [],
    options: [],
    digest: "",
    deadline: null,
    decisions: [],
    decision: null,
    decidedBy: null,
    comment: "",
    edited: [],
    openedAt: null,
    decidedAt: null,
  };
}

function gateWith(state, id) {
  return state.gates.find((gate) => gate.id === id) ?? null;
}

/** What was said before the gate is complete now. */
function goOn(state, event) {
  return withEach(state, (message) => message.runId === event.run_id && message.status === "waiting", { status: "complete" });
}
