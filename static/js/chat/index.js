/** The public surface of the chat client's state; pages are made of it elsewhere. */

export { ApiError, ContentPuller } from "../stream/index.js";
export { SessionApi } from "./api.js";
