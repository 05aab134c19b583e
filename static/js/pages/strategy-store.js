/** What a strategy's page shows: the strategy as the server delivered it, then its log. */

import { fromStrategy, initialState, reduce } from "../strategy/index.js";
import { RunStore } from "./run-store.js";

/** After these the strategy's rows say more than the log: findings, data points, gaps. */
const BRINGS_DETAILS = new Set(["strategy_step_completed", "strategy_step_failed", "strategy_saved"]);

export class StrategyStore extends RunStore {
  constructor(strategy, api, guides) {
    super(strategy, {
      reduce,
      fromDetails: (details, position) => fromStrategy(details, position, guides),
      start: { ...initialState(guides), goal: strategy.goal },
      load: (id) => api.getStrategy(id),
      bringsDetails: BRINGS_DETAILS,
    });
  }
}
