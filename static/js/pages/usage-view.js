/** What a run has used of language models so far: asked for again when something has ended. */

const ENDS = new Set(["run_completed", "run_failed", "run_cancelled", "checkpoint_reached", "iteration_completed", "strategy_step_completed", "message_completed"]);
const PATIENCE = 500; // many events come at once when a log is replayed

/**
 * Return what is to be called with each event.
 * @param {() => Promise<{ usage: object | null }>} read
 */
export function usageView(read) {
  const place = document.getElementById("usage");
  let timer = 0;
  const refresh = () => read().then(({ usage }) => write(place, usage), () => {});
  return ({ type }) => {
    if (!place || !ENDS.has(type)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PATIENCE);
  };
}

function write(place, usage) {
  place.hidden = !usage;
  place.textContent = usageWords(usage);
}

/** @param {{ input_tokens?: number, output_tokens?: number, requests?: number, cost_usd?: number } | null} usage */
export function usageWords(usage) {
  if (!usage) return "";
  const [read, written, requests] = [usage.input_tokens, usage.output_tokens, usage.requests].map((one) => (one ?? 0).toLocaleString("en"));
  const text = `${read} tokens read, ${written} written, ${requests} requests`;
  return usage.cost_usd === undefined ? text : `${text}, $${usage.cost_usd.toLocaleString("en", { minimumFractionDigits: 4, maximumFractionDigits: 4 })}`;
}
