/**
 * A plan as REST tells it, turned into the events that would have led there.
 *
 * Going through the same handlers keeps one source for every word and shape: a page built from a
 * snapshot looks like one that watched, less the lines that only the log has.
 */

const END_EVENTS = {
  completed: "run_completed",
  failed: "run_failed",
  rejected: "run_rejected",
  expired: "run_expired",
  cancelled: "run_cancelled",
};

/** @param {object} plan the body of GET plans/{id}/ */
export function eventsOfPlan(plan) {
  const proposal = plan.proposal ? [["proposal_ready", plan.proposal]] : [];
  const events = [
    ...proposal,
    ...started(plan),
    ...iterationsAndCheckpoints(plan),
    ...(plan.final_plan ? [["final_plan", finalPlanOf(plan)]] : []),
    ...(plan.entity ? [["plan_saved", { ...plan.entity, entity: plan.entity.slug }]] : []),
    ...gate(plan.pending_gate),
    ["run_state", { state: plan.state }, plan.updated_at],
    ...ending(plan),
  ];
  return events.map(([type, data, timestamp], index) => ({
    event: "status",
    type,
    position: `s${index + 1}`,
    timestamp: timestamp ?? null,
    data: data ?? {},
  }));
}

function started(plan) {
  if (!plan.iterations?.length) return [];
  const { max_iterations, checkpoint_interval } = settingsOf(plan);
  return [["planning_started", { goal: plan.goal, max_iterations, checkpoint_interval }, plan.iterations[0].started_at]];
}

function settingsOf(plan) {
  return {
    max_iterations: plan.max_iterations ?? plan.proposal?.max_iterations ?? plan.iterations?.length ?? null,
    checkpoint_interval: plan.checkpoint_interval ?? plan.proposal?.checkpoint_interval ?? null,
  };
}

function iterationsAndCheckpoints(plan) {
  const max = settingsOf(plan).max_iterations;
  const events = [];
  for (const one of plan.iterations ?? []) {
    if (one.started_at || one.state !== "pending") {
      events.push(["iteration_started", { iteration: one.number, max }, one.started_at]);
    }
    if (one.state === "completed") {
      events.push(["iteration_completed", { ...one, iteration: one.number }, one.finished_at]);
    }
    for (const checkpoint of plan.checkpoints ?? []) {
      if (checkpoint.iteration === one.number) events.push(...checkpointEvents(checkpoint, plan.pending_gate));
    }
  }
  return events;
}

function checkpointEvents(checkpoint, pending) {
  const { number, iteration, summary, frameworks, data_points, decision, decided_by, comment } = checkpoint;
  const waiting = pending?.kind === "checkpoint" && !decision;
  const asked = waiting ? { ...pending, gate_id: pending.id ?? pending.gate_id } : {};
  const reached = {
    ...asked,
    iteration,
    checkpoint_number: number,
    content: summary,
    frameworks_so_far: frameworks,
    data_points_so_far: data_points,
  };
  const events = [["checkpoint_reached", reached, checkpoint.created_at]];
  const decided = { checkpoint: number, decision, decided_by, comment };
  if (decision === "reject") events.push(["checkpoint_rejected", decided, checkpoint.decided_at]);
  else if (decision === "expired") events.push(["checkpoint_expired", decided, checkpoint.decided_at]);
  else if (decision) events.push(["checkpoint_approved", decided, checkpoint.decided_at]);
  return events;
}

function finalPlanOf(plan) {
  const text = typeof plan.final_plan === "string" ? { content: plan.final_plan } : plan.final_plan;
  return {
    frameworks: plan.metrics?.frameworks,
    data_points: plan.metrics?.data_points,
    iterations: plan.metrics?.iterations ?? plan.iterations?.length,
    checkpoints: plan.metrics?.checkpoints ?? plan.checkpoints?.length,
    ...text,
  };
}

function gate(pending) {
  return pending ? [["gate_opened", { ...pending, gate_id: pending.id ?? pending.gate_id }, pending.created_at]] : [];
}

function ending(plan) {
  const type = END_EVENTS[plan.state];
  return type ? [[type, { error: plan.error ?? undefined }, plan.finished_at]] : [];
}
