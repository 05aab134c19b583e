/** The public surface of the planning client's state; pages are made of it elsewhere. */

export { ApiError, PlanApi } from "./api.js";
export { ContentPuller } from "./content.js";
export { ICONS, WORDS, connectionLine, fromEvents, fromPlan, initialState, reduce, withContent } from "./reducer.js";
