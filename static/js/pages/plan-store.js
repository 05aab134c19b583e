/** What the plan page shows: the plan as the server delivered it, then its log. */

import { fromPlan, initialState, reduce } from "../plan/index.js";
import { RunStore } from "./run-store.js";

/** After these the plan's rows say more than the log: findings, data points, gaps, deltas. */
const BRINGS_DETAILS = new Set(["iteration_completed", "checkpoint_reached", "final_plan", "plan_saved", "proposal_ready"]);

export class PlanStore extends RunStore {
  constructor(plan, api) {
    super(plan, {
      reduce,
      fromDetails: fromPlan,
      start: plan.branched_from ? inherited(plan) : { ...initialState(), goal: plan.goal, planId: plan.id },
      load: (id) => api.getPlan(id),
      bringsDetails: BRINGS_DETAILS,
    });
  }
}

/** A branch begins with what it took over; its own log has only what came after. */
function inherited(plan) {
  const { checkpoint: number } = plan.branched_from;
  const checkpoints = plan.checkpoints.filter((one) => one.number <= number);
  const until = checkpoints.at(-1)?.iteration ?? 0;
  const iterations = plan.iterations.filter((one) => one.number <= until);
  const nothing = { pending_gate: null, final_plan: null, entity: null, metrics: {}, progress: 0, error: null };
  const base = fromPlan({ ...plan, ...nothing, iterations, checkpoints, state: "queued" }, 0);
  return { ...base, timeline: base.timeline.filter(({ key }) => !key.startsWith("planning_started")) };
}
