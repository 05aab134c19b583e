/** The older client interface, over the stream module: for clients that know it by these names. */

export { SSEConnection } from "./SSEConnection.js";
export { SSEEventManager } from "./SSEEventManager.js";
export { EVENTS, problemOf } from "./SSEMessageTypes.js";
export { SSEReconnection } from "./SSEReconnection.js";
export { formatMessage, parseMessage, timestamp, toMessage } from "./SSEUtils.js";
export { useSSE } from "./useSSE.js";
