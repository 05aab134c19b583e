/** The public surface of the planning client's state; pages are made of it elsewhere. */

export { ApiError, ContentPuller } from "../stream/index.js";
export { PlanApi } from "./api.js";
export { ICONS, WORDS, connectionLine, fromEvents, fromPlan, initialState, reduce, withContent } from "./reducer.js";
