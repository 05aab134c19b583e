/** Events and frames for tests, and the log of a whole plan: 4 iterations, a checkpoint every 2. */

export function event(position, type = "iteration_progress", data = {}, extra = {}) {
  const timestamp = new Date(Date.UTC(2026, 10, 21, 9, 36, position)).toISOString();
  return { event: "status", type, position, run_id: "run-1", timestamp, data, ...extra };
}

export function events(from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
}

export function frame(message, id = message.position) {
  return `id: ${id}\ndata: ${JSON.stringify(message)}\n\n`;
}

export function opened(position = 0, data = {}) {
  const body = { resume: "exact", position, heartbeat_seconds: 15, mode: "inline", ...data };
  return `retry: 1000\n${frame({ event: "status", type: "stream_opened", timestamp: "t", data: body }, position)}`;
}

export function control(type, data = {}) {
  return frame({ event: "status", type, timestamp: "t", data }, 0);
}

export function final(position) {
  return event(position, "run_completed", { progress: 100, message: "done" }, { event: "complete", final: true });
}

function iteration(number) {
  return [
    ["iteration_started", { iteration: number, max: 4, progress: number * 20 }],
    ["educational_card", { iteration: number, title: "SWOT", description: "d", details: ["a"], insight: "i", next_step: "n", estimated_seconds: 3 }],
    ["iteration_progress", { iteration: number, agent: "planner", step: `iteration-${number}`, progress: number * 20 + 5, message: "Überlegt 🚀", frameworks: number, data_points: number * 3 }],
    ["plan_metrics", { iteration: number, name: "market", value: 5, unit: "EUR", detail: "" }],
    ["iteration_completed", { iteration: number, duration_ms: 1200, frameworks: [`F${number}`], data_points: 3, insights: ["in"], gaps: [] }],
  ];
}

function checkpoint(number, at) {
  const gate = { gate_id: `gate-c${number}`, digest: "d", deadline: "2026-11-22T00:00:00Z", decisions: ["approve", "approve_all", "revise", "reject"] };
  const frameworks = Array.from({ length: at }, (_, index) => `F${index + 1}`);
  return [
    ["checkpoint_reached", { iteration: at, checkpoint_number: number, frameworks_so_far: frameworks, data_points_so_far: at * 3, message_id: `m-c${number}`, sequence: 1, content: `# Summary ${number}`, ...gate }],
    ["gate_opened", { ...gate, kind: "checkpoint", name: `checkpoint-${number}`, question: "Go on?" }],
    ["run_state", { state: "waiting" }],
    ["gate_answered", { gate_id: gate.gate_id, kind: "checkpoint", name: `checkpoint-${number}`, decision: "approve", decided_by: "ann", via: "web", comment: "good" }],
    ["run_state", { state: "queued" }],
    ["checkpoint_approved", { checkpoint: number, decision: "approve", decided_by: "ann" }],
  ];
}

const PROPOSAL_GATE = { gate_id: "gate-p", kind: "proposal", name: "proposal", digest: "d0", deadline: null, decisions: ["approve", "adjust", "reject"], question: "Start?" };

/** @returns {object[]} the events of one plan, in order */
export function planLog() {
  const parts = [
    ["run_state", { state: "running" }],
    ["proposal_progress", { step: "proposal", agent: "planner", progress: 2, message: "Reading" }],
    ["proposal_ready", { title: "Plan", max_iterations: 4, checkpoint_interval: 2, attempt: 1, message_id: "m-p", sequence: 1, content: "# Approach" }],
    ["gate_opened", PROPOSAL_GATE],
    ["gate_answered", { gate_id: "gate-p", kind: "proposal", name: "proposal", decision: "approve", decided_by: "ann", via: "web", comment: "" }],
    ["planning_started", { goal: "Enter the market", max_iterations: 4, checkpoint_interval: 2 }],
    ...iteration(1),
    ...iteration(2),
    ...checkpoint(1, 2),
    ...iteration(3),
    ...iteration(4),
    ...checkpoint(2, 4),
    ["final_plan", { frameworks: 4, data_points: 12, iterations: 4, checkpoints: 2, message_id: "m-f", sequence: 2, content: "# The plan" }],
    ["plan_saved", { entity: "enter-the-market", title: "Enter the market", url: "/memory/enter-the-market/" }],
  ];
  const log = parts.map(([type, data], index) => event(index + 1, type, data));
  return [...log, final(log.length + 1)];
}
