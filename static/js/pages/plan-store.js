/**
 * What the plan page shows, from two sources: the plan as the server put it into the page (there
 * at once), and the event log (exact, and live). The log takes over when it has caught up.
 */

import { fromPlan, initialState, reduce } from "../plan/index.js";
import { Painter } from "./painter.js";

const DETAILS_AFTER_MS = 120;

/** After these the plan's rows say more than the log: findings, data points, gaps, deltas. */
const BRINGS_DETAILS = new Set(["iteration_completed", "checkpoint_reached", "final_plan", "plan_saved", "proposal_ready"]);

export class PlanStore {
  #api;
  #live;
  #caughtUp = false;
  #painter = new Painter(this);
  #detailsTimer = null;
  #loading = false;
  #loadAgain = false;

  /** The plan's state: what `reduce` gives. */
  state;
  /** The plan as REST tells it, a moment old. */
  details;
  /** What was asked for and has not happened yet: cancelling, pausing, or null. */
  intent;
  connection = { state: "connecting", details: {} };

  constructor(plan, api) {
    this.#api = api;
    this.details = plan;
    this.state = fromPlan(plan, plan.position);
    this.intent = intentOf(plan);
    this.#live = plan.branched_from ? inherited(plan) : { ...initialState(), goal: plan.goal, planId: plan.id };
  }

  /** Call `listener(store)` whenever something changed, at most ten times a second. */
  subscribe(listener) {
    this.#painter.subscribe(listener);
  }

  /** Whether the page shows the log, not the plan it was delivered with. */
  get isLive() {
    return this.#caughtUp;
  }

  take(event) {
    this.#live = reduce(this.#live, event);
    if (event.type === "run_state") this.#noteIntent(event.data ?? {});
    this.#adopt();
    // A question is shown at once; the rest waits for its turn.
    if (this.#caughtUp && event.type === "gate_opened") this.#painter.now();
    if (this.#caughtUp && BRINGS_DETAILS.has(event.type)) this.loadDetails();
    if (event.final) this.loadDetails();
  }

  opened(data) {
    this.#live = reduce(this.#live, { type: "stream_opened", timestamp: new Date().toISOString(), data });
    this.#adopt();
    if (data.resume === "gap") this.#mendGap();
  }

  connected(change) {
    this.connection = change;
    this.#painter.soon();
  }

  expect(intent) {
    this.intent = intent;
    this.#painter.soon();
  }

  /** Fetch the plan's rows soon; several wishes in a row become one request. */
  loadDetails() {
    clearTimeout(this.#detailsTimer);
    this.#detailsTimer = setTimeout(() => this.#load(), DETAILS_AFTER_MS);
  }

  #adopt() {
    if (!this.#caughtUp && this.#live.position < this.details.position && !this.#live.finished) return;
    this.#caughtUp = true;
    // A run with an open question waits, also where the log has no event of its own for that.
    this.state = this.#live.pendingGate ? { ...this.#live, runState: "waiting" } : this.#live;
    this.#painter.soon();
  }

  #noteIntent({ state, reason }) {
    if (reason === "cancelling" || reason === "pausing") this.intent = reason;
    else if (this.intent === "pausing" && state !== "running") this.intent = null;
    else if (reason === "resumed") this.intent = null;
  }

  /** Events are gone that the page never saw: go on from what the plan's rows say. */
  async #mendGap() {
    await this.#load();
    if (this.details.position < this.#live.position) return;
    const gap = this.#live.timeline.filter(({ key }) => key.startsWith("stream_gap"));
    const mended = fromPlan(this.details, this.details.position);
    this.#live = { ...mended, gap: this.#live.gap, timeline: [...gap, ...mended.timeline] };
    this.#adopt();
  }

  async #load() {
    if (this.#loading) {
      this.#loadAgain = true;
      return;
    }
    this.#loading = true;
    try {
      this.details = await this.#api.getPlan(this.details.id);
      this.#painter.soon();
    } catch {
      // What is on the page stays; the next event, or a reload, asks again.
    }
    this.#loading = false;
    if (this.#loadAgain) {
      this.#loadAgain = false;
      this.loadDetails();
    }
  }
}

function intentOf(plan) {
  if (plan.cancel_requested) return "cancelling";
  return plan.pause_requested && plan.state === "running" ? "pausing" : null;
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
