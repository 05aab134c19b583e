/**
 * The client machine of a chat: whether a reply is awaited, and what of it has come.
 *
 * A plain transition table. What is not in the table changes nothing, so events that come late,
 * after a cancellation for instance, are harmless.
 */

/** @returns {CairnContexts.ChatMachineSnapshot} */
export function initialSnapshot(currentContextId = null) {
  const context = {
    messages: [],
    currentContextId,
    streamingContent: "",
    finalContent: "",
    toolCallRequest: null,
    parsedParameters: null,
    error: null,
  };
  return { state: "IDLE", context };
}

/** What entering a state does to the context, before the transition's own change. */
const ENTRY = Object.freeze({
  IDLE: () => ({}),
  THINKING: () => ({ streamingContent: "", finalContent: "", error: null }),
});

/** By state and event: where to, and what changes in the context. Without a target it stays. */
export const TRANSITIONS = Object.freeze({
  IDLE: Object.freeze({
    USER_SUBMITS: { target: "THINKING", change: submitted },
  }),
  THINKING: Object.freeze({
    CHUNK_RECEIVED: { change: (context, { chunk }) => ({ streamingContent: context.streamingContent + chunk }) },
    STREAM_COMPLETE_TEXT: { target: "IDLE", change: completed },
    STREAM_ERROR: { target: "IDLE", change: (context, { error }) => ({ error }) },
    CANCEL: { target: "IDLE", change: () => ({}) },
  }),
});

/** The messages are the server's: those that are given replace what is known, none change nothing. */
function submitted(context, { messages = [], contextId = context.currentContextId }) {
  return {
    messages: messages.length ? messages : context.messages,
    currentContextId: contextId,
    toolCallRequest: null,
    parsedParameters: null,
  };
}

/** Without a text of its own the event closes what has been streamed. */
function completed(context, { finalContent, toolCallRequest = null, parsedParameters = null }) {
  return { finalContent: finalContent || context.streamingContent, toolCallRequest, parsedParameters };
}

/**
 * The snapshot after an event; the same one if the state does not know the event.
 * @param {CairnContexts.ChatMachineSnapshot} snapshot
 * @param {CairnContexts.ChatMachineEvent} event
 * @returns {CairnContexts.ChatMachineSnapshot}
 */
export function transition(snapshot, event) {
  const { state, context } = snapshot;
  const found = Object.hasOwn(TRANSITIONS[state], event.type) ? TRANSITIONS[state][event.type] : null;
  if (!found) return snapshot;
  const entered = found.target ? ENTRY[found.target]() : {};
  const change = found.change(context, event.payload ?? {});
  return { state: found.target ?? state, context: { ...context, ...entered, ...change } };
}
