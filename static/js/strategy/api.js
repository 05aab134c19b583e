/** Strategies as the REST API has them. */

import { segment } from "../stream/rest.js";
import { RunsApi } from "../stream/runs-api.js";

export class StrategyApi extends RunsApi {
  /** @param {{ goal: string, documents?: string[] }} strategy */
  createStrategy(strategy) {
    return this.rest.post("strategies/", strategy);
  }

  getStrategy(id) {
    return this.rest.get(`strategies/${segment(id)}/`);
  }

  /** A page of strategies; `next` of one page is what `listStrategies` takes for the following. */
  listStrategies(query) {
    return this.rest.list("strategies/", query);
  }

  pause(id) {
    return this.rest.post(`strategies/${segment(id)}/pause/`, {});
  }

  resume(id) {
    return this.rest.post(`strategies/${segment(id)}/resume/`, {});
  }

  cancel(id) {
    return this.rest.post(`strategies/${segment(id)}/cancel/`, {});
  }
}
