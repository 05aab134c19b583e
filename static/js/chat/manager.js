/**
 * One chat at a time over the context API: sends, follows the signals, pulls the text they tell
 * of, and shows it as it grows. `subscribe` and `getSnapshot` make it a store without a framework.
 */

import { ContentPuller } from "../stream/content.js";
import { uuid } from "../stream/command.js";
import { initialSnapshot, transition } from "./machine.js";
import { OpenReplies } from "./replies.js";
import { ContextSubscription } from "./subscription.js";

/** A stream that is refused so often in a row is an error, though it is tried on. */
const FAILURES_BEFORE_ERROR = 3;

const QUIET = Object.freeze({ state: null, connection: "idle" });

export class ChatManager {
  #service;
  #options;
  #machine = initialSnapshot();
  #subscription = null;
  #puller = null;
  #replies = new OpenReplies();
  #backend = QUIET;
  #snapshot;
  #listeners = new Set();

  /**
   * @param {{ service: CairnContexts.BackendContextService, heartbeatMs?: number, clock?: CairnStream.Clock,
   *   random?: () => number, uuid?: () => string, onError?: (error: Error) => void }} options
   */
  constructor({ service, ...options }) {
    this.#service = service;
    this.#options = options;
    this.#snapshot = this.#taken();
  }

  getSnapshot = () => this.#snapshot;

  /** Call `listener` after each change; returns the function that takes it off. */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Show a chat, or none with null. What the last one was doing goes on without us.
   * @param {{ after?: number }} [options] the position of its log that is known; without one
   *   is told what goes on, or went on last
   */
  selectChat(chatId, { after } = {}) {
    this.#leave();
    this.#machine = initialSnapshot(chatId);
    if (chatId) this.#follow(chatId, after);
    this.#changed();
  }

  /**
   * Send a message; without a chat, or without words, nothing happens. The signals are followed
   * already, so none is lost between the two.
   */
  async sendMessage(content, metadata = {}) {
    const chatId = this.#machine.context.currentContextId;
    if (!chatId || !content.trim()) return null;
    this.#send("USER_SUBMITS", { messages: [], contextId: chatId });
    try {
      return await this.#service.sendMessage(chatId, content, metadata, (this.#options.uuid ?? uuid)());
    } catch (error) {
      if (this.#machine.context.currentContextId === chatId) this.#send("STREAM_ERROR", { error });
      throw error;
    }
  }

  /** Stop the reply, here at once and on the server; what has come of it is kept. */
  async cancel() {
    const chatId = this.#machine.context.currentContextId;
    if (!chatId || this.#machine.state !== "THINKING") return;
    this.#replies.end();
    this.#send("CANCEL");
    await this.#service.cancel(chatId);
  }

  /** Leave nothing open: no socket, no timer, no listener. */
  dispose() {
    this.#leave();
    this.#listeners.clear();
  }

  #follow(chatId, after) {
    const { heartbeatMs, clock, random, onError = () => {} } = this.#options;
    this.#puller = new ContentPuller({
      pull: (messageId, from) => this.#service.getMessageContent(chatId, messageId, from),
      onText: (messageId, text) => this.#text(messageId, text),
      onError: (messageId, error) => onError(error),
      clock,
      random,
    });
    const hooks = {
      event: (event) => this.#signal(event),
      state: (connection) => this.#noteBackend({ connection }),
      error: (error, failures) => {
        onError(error);
        if (failures >= FAILURES_BEFORE_ERROR) this.#send("STREAM_ERROR", { error });
      },
    };
    this.#subscription = new ContextSubscription({ service: this.#service, contextId: chatId, after, heartbeatMs, clock, random }, hooks);
    this.#subscription.open();
  }

  #leave() {
    this.#subscription?.close();
    this.#puller?.dispose();
    this.#subscription = this.#puller = null;
    this.#replies = new OpenReplies();
    this.#backend = QUIET;
  }

  #signal(event) {
    const handler = Object.hasOwn(SIGNALS, event.type) ? SIGNALS[event.type] : null;
    if (!handler) return;
    handler(this.#on, event);
    this.#advance();
  }

  /** What signals may do, for the table below. */
  #on = {
    started: (id) => {
      if (this.#replies.start(id)) this.#send("CANCEL");
    },
    delta: (id, sequence) => {
      if (this.#replies.open(id)) this.#puller.signal(id, sequence);
    },
    completed: (id, final, status) => {
      const reply = this.#replies.complete(id, final, status);
      if (reply && reply.sequence < final) this.#puller.complete(id, final);
    },
    asked: (id, request) => this.#replies.change(id, { toolCallRequest: request }),
    state: (state) => {
      this.#noteBackend({ state });
      if (state.startsWith("waiting")) this.#replies.release();
    },
    failed: (error) => {
      if (!this.#replies.fail(error)) this.#send("STREAM_ERROR", { error });
    },
    stopped: () => {
      if (!this.#replies.first) this.#send("CANCEL");
    },
  };

  #text(id, { content, sequence }) {
    this.#replies.change(id, { text: content, sequence });
    this.#advance();
  }

  /** Bring the machine to where the replies are: the first that is open is the one that is shown. */
  #advance() {
    for (let reply = this.#replies.first; reply; reply = this.#replies.first) {
      // Somebody else may have asked, in another tab or before this chat was shown.
      if (this.#machine.state === "IDLE") this.#send("USER_SUBMITS", { messages: [] });
      const chunk = reply.text.slice(this.#machine.context.streamingContent.length);
      if (chunk) this.#send("CHUNK_RECEIVED", { chunk });
      if (!this.#replies.isOver(reply)) return;
      this.#replies.end();
      const { error, text, toolCallRequest } = reply;
      if (error) this.#send("STREAM_ERROR", { error });
      else this.#send("STREAM_COMPLETE_TEXT", { finalContent: text, toolCallRequest });
    }
  }

  #noteBackend(change) {
    const next = { ...this.#backend, ...change };
    if (next.state === this.#backend.state && next.connection === this.#backend.connection) return;
    this.#backend = next;
    this.#changed();
  }

  #send(type, payload = {}) {
    this.#machine = transition(this.#machine, { type, payload });
    this.#changed();
  }

  #changed() {
    this.#snapshot = this.#taken();
    for (const listener of [...this.#listeners]) listener();
  }

  #taken() {
    const { state, context } = this.#machine;
    const thinking = state === "THINKING";
    return {
      state,
      context,
      streamingMessageId: (thinking && this.#replies.first?.id) || null,
      streamingText: thinking ? context.streamingContent : "",
      backendState: this.#backend.state,
      connection: this.#backend.connection,
    };
  }
}

const SIGNALS = {
  message_started: (on, { message_id: id }) => on.started(id),
  content_delta: (on, { message_id: id, current_sequence: sequence }) => on.delta(id, sequence),
  message_completed: (on, { message_id: id, final_sequence: final, status }) => on.completed(id, final, status),
  tool_call_requested: (on, { message_id: id, gate_id: gateId, count, tools }) => on.asked(id, { gateId, count, tools }),
  state_changed: (on, { new_state: state }) => on.state(state),
  run_failed: (on, { code, error }) => on.failed(Object.assign(new Error(error), { code })),
  run_cancelled: (on) => on.stopped(),
  run_expired: (on) => on.stopped(),
};
