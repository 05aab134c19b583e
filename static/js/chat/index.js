/** The public surface of the chat client; pages are made of it elsewhere. */

export { ApiError, ContentPuller } from "../stream/index.js";
export { SessionApi } from "./api.js";
export { messagesInOrder, siblings, visibleMessages } from "./branches.js";
export { BackendContextService, ChatManager, TRANSITIONS, initialSnapshot, transition } from "./contexts.js";
export { InsightClient } from "./insight.js";
export { ICONS, WORDS, connectionLine } from "./lines.js";
export { fromEvents, gateOf, reduce, withContent, withGate } from "./reducer.js";
export { OPERATIONS } from "./runs.js";
export { fromSnapshot } from "./snapshot.js";
export { initialState } from "./state.js";
