/** The public surface of the strategy client's state; pages are made of it elsewhere. */

export { StrategyApi } from "./api.js";
export { WORDS, fromEvents, fromStrategy, initialState, reduce } from "./reducer.js";
export { Silence } from "./silence.js";
