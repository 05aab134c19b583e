/**
 * A strategy as REST tells it, turned into the events that would have led there: one source for
 * every word and shape, whether a page watched or came late.
 */

const END_EVENTS = { completed: "run_completed", failed: "run_failed", cancelled: "run_cancelled" };

/** @param {object} strategy the body of GET strategies/{id}/ */
export function eventsOfStrategy(strategy) {
  const events = [
    ...started(strategy),
    ...(strategy.steps ?? []).flatMap((step) => stepEvents(step, strategy.estimates ?? {})),
    ...(strategy.document ? [["strategy_ready", documentOf(strategy)]] : []),
    ...(strategy.entity ? [["strategy_saved", { ...strategy.entity, entity: strategy.entity.slug }]] : []),
    ["run_state", { state: strategy.state }],
    ...ending(strategy),
  ];
  return events.map(([type, data, timestamp], index) => ({
    event: "status",
    type,
    position: `s${index + 1}`,
    timestamp: timestamp ?? null,
    data: data ?? {},
  }));
}

function started({ goal, steps, estimate_seconds }) {
  return steps?.length ? [["strategy_started", { goal, steps: 8, estimated_seconds: estimate_seconds }, steps[0].started_at]] : [];
}

function stepEvents(step, estimates) {
  const base = { number: step.number, step: step.name };
  const estimated_seconds = estimates[step.name] ?? null;
  const begun = ["strategy_step_started", { ...base, title: step.title, message: step.title, estimated_seconds }, step.started_at];
  if (step.state === "completed") return [begun, ["strategy_step_completed", { ...base, ...countsOf(step) }, step.finished_at]];
  if (step.state === "failed") return [begun, ["strategy_step_failed", { ...base, duration_ms: step.duration_ms, error: step.error }, step.finished_at]];
  return [begun];
}

function countsOf({ duration_ms, achievement, frameworks, findings, data_points, gaps }) {
  const [found, points, open] = [findings, data_points, gaps].map((list) => list.length);
  return { duration_ms, achievement, frameworks, findings: found, data_points: points, gaps: open };
}

function documentOf({ document, metrics }) {
  return { content: document, frameworks: metrics.frameworks, findings: metrics.findings, data_points: metrics.data_points, gaps: metrics.gaps };
}

function ending({ state, error, finished_at }) {
  const type = END_EVENTS[state];
  return type ? [[type, { error: error ?? undefined }, finished_at]] : [];
}
