/** Plans and memory as the REST API has them. */

import { segment } from "../stream/rest.js";
import { RunsApi } from "../stream/runs-api.js";

export class PlanApi extends RunsApi {
  /** @param {{ goal: string, max_iterations?: number, checkpoint_interval?: number, documents?: string[], deadline_seconds?: number }} plan */
  createPlan(plan) {
    return this.rest.post("plans/", plan);
  }

  getPlan(id) {
    return this.rest.get(`plans/${segment(id)}/`);
  }

  /** A page of plans; `next` of one page is what `listPlans` takes for the following. */
  listPlans(query) {
    return this.rest.list("plans/", query);
  }

  pause(id) {
    return this.rest.post(`plans/${segment(id)}/pause/`, {});
  }

  resume(id) {
    return this.rest.post(`plans/${segment(id)}/resume/`, {});
  }

  cancel(id) {
    return this.rest.post(`plans/${segment(id)}/cancel/`, {});
  }

  /** Make a new plan that starts from a checkpoint of this one. */
  branch(id, checkpoint) {
    return this.rest.post(`plans/${segment(id)}/branch/`, { checkpoint });
  }

  listEntities(query) {
    return this.rest.list("entities/", query);
  }

  getEntity(slug) {
    return this.rest.get(`entities/${segment(slug)}/`);
  }

  createEntity(entity) {
    return this.rest.post("entities/", entity);
  }
}
