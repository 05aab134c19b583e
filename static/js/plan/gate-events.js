/** Questions to a person: opened, answered, expired, and what a checkpoint makes of them. */

import { withOperation } from "../log/operation.js";
import { textOf, withCheckpoint } from "./state.js";
import { WORDS, withLine } from "./timeline.js";

export const gateHandlers = {
  gate_opened(state, event) {
    const waiting = withOperation(openGate(state, event, event.data), { status: "waiting" });
    return withLine(waiting, event, "hand", waiting.pendingGate.title, "warning");
  },

  gate_answered(state, event) {
    const { gate_id: id, decision, decided_by: decidedBy, comment, kind } = event.data;
    const closed = closeGate(state, id);
    if (kind === "proposal" && closed.proposal) {
      const proposal = { ...closed.proposal, decision, decidedBy, comment: comment ?? "", decidedAt: event.timestamp };
      return { ...closed, proposal };
    }
    const checkpoint = state.checkpoints.find((one) => one.gate?.id === id);
    if (!checkpoint) return closed;
    const decided = { decision, decidedBy, comment: comment ?? "", decidedAt: event.timestamp };
    return withCheckpoint(closed, checkpoint.number, decided);
  },

  gate_expired(state, event) {
    return closeGate(state, event.data.gate_id);
  },

  checkpoint_reached(state, event) {
    const { iteration, checkpoint_number: number, frameworks_so_far, data_points_so_far, message_id, sequence } = event.data;
    const frameworks = frameworks_so_far ?? [];
    const dataPoints = data_points_so_far ?? 0;
    const reached = withCheckpoint(state, number, {
      iteration,
      summary: textOf(state, event.data),
      messageId: message_id ?? null,
      sequence: sequence ?? null,
      frameworks,
      dataPoints,
      gate: gateOf(event.data),
      reachedAt: event.timestamp,
    });
    const counted = { ...reached, frameworks, counts: { frameworks: frameworks.length, dataPoints } };
    const data = { kind: "checkpoint", name: `checkpoint-${number}`, ...event.data };
    const asked = event.data.gate_id ? openGate(counted, event, data) : counted;
    return withLine(asked, event, "stop", WORDS.checkpoint(iteration), "warning");
  },

  checkpoint_approved(state, event) {
    const { checkpoint, decision = "approve", decided_by: decidedBy } = event.data;
    const decided = decideCheckpoint(state, event, checkpoint, { decision, decidedBy: decidedBy ?? null });
    if (decision === "revise") return withLine(decided, event, "cycle", WORDS.revised(checkpoint));
    return withLine(decided, event, "check", WORDS.approved(), "success");
  },

  checkpoint_rejected(state, event) {
    const { checkpoint, decided_by: decidedBy, comment } = event.data;
    const decision = { decision: "reject", decidedBy: decidedBy ?? null, comment: comment ?? "" };
    const decided = decideCheckpoint(state, event, checkpoint, decision);
    return withLine(decided, event, "cross", WORDS.rejected(checkpoint), "warning");
  },

  checkpoint_expired(state, event) {
    const { checkpoint, policy } = event.data;
    const decided = decideCheckpoint(state, event, checkpoint, { decision: "expired" });
    const words = policy === "approve" ? WORDS.expiredApproved : WORDS.expired;
    return withLine(decided, event, "clock", words(checkpoint), "warning");
  },
};

function decideCheckpoint(state, event, number, change) {
  const gateId = state.checkpoints.find((one) => one.number === number)?.gate?.id;
  const closed = gateId ? closeGate(state, gateId) : state;
  return withCheckpoint(closed, number, { ...change, decidedAt: event.timestamp });
}

function gateOf({ gate_id: id, digest, deadline, decisions }) {
  return id ? { id, digest, deadline: deadline ?? null, decisions: decisions ?? [] } : null;
}

/** Both `checkpoint_reached` and `gate_opened` tell of the same gate; the second adds to the first. */
function openGate(state, event, data) {
  const known = state.pendingGate?.id === data.gate_id ? state.pendingGate : { openedAt: event.timestamp };
  const { kind, name, question } = data;
  const number = state.checkpoints.find((one) => one.gate?.id === data.gate_id)?.number ?? numberIn(kind, name);
  const gate = {
    ...known,
    ...gateOf(data),
    kind,
    name,
    question: question ?? known.question ?? "",
    checkpoint: number,
    title: titleOf(kind, number, name),
    icon: "hand",
  };
  return { ...state, pendingGate: gate };
}

function numberIn(kind, name) {
  const digits = kind === "checkpoint" ? /([0-9]+)$/.exec(name ?? "") : null;
  return digits ? Number(digits[1]) : null;
}

function titleOf(kind, number, name) {
  if (kind === "checkpoint") return WORDS.checkpointTitle(number);
  return kind === "proposal" ? WORDS.proposalTitle() : WORDS.questionTitle(name);
}

function closeGate(state, id) {
  if (state.pendingGate?.id !== id) return state;
  return withOperation({ ...state, pendingGate: null }, { status: "running" });
}
