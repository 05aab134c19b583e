/**
 * The polling client of the insight API: a message becomes a task, and its messages are shown as
 * they come, each once. There is never more than one request for the status of a task.
 */

import { Backoff } from "../stream/backoff.js";
import { Timers } from "../stream/clock.js";
import { postCommand, uuid } from "../stream/command.js";
import { environmentOf } from "../stream/environment.js";
import { fetchJson } from "../stream/http.js";
import { openPoll } from "../stream/poll-transport.js";

const NOTHING = Object.freeze({
  addMessage: () => {},
  changeMessage: () => {},
  displayMessage: () => {},
  discardMessages: () => {},
  handleFinalResult: () => {},
  addThinkingAnimation: () => null,
  removeThinkingAnimation: () => {},
});

/** A status that cannot be had at all, and asking again would not help. */
const GONE = new Set([400, 401, 403, 404]);

export class InsightClient {
  #environment;
  #hooks;
  #options;
  #timers;
  #sent = new Map();
  #displayed = new Set();
  #tasks = new Map();
  #unlisten;
  #serial = 0;

  /**
   * @param {Partial<CairnChat.InsightHooks> & Partial<CairnStream.Environment> & { base?: string, pollMs?: number,
   *   hiddenPollMs?: number, extra?: object, uuid?: () => string }} options
   */
  constructor({ base = "", pollMs = 500, hiddenPollMs = 10_000, extra = {}, ...options } = {}) {
    this.#environment = environmentOf(options);
    this.#hooks = { ...NOTHING, ...options };
    this.#options = { base, pollMs, hiddenPollMs, extra, uuid: options.uuid ?? uuid };
    this.#timers = new Timers(this.#environment.clock);
    this.#unlisten = this.#environment.onVisibility(() => this.#shown());
  }

  /** Show a message at once and send it; nothing happens without words. */
  sendMessage(text) {
    const words = text.trim();
    if (!words) return Promise.resolve(null);
    this.#serial += 1;
    const message = { id: `local-${this.#serial}`, text: words, role: "user", state: "sending", error: null };
    this.#sent.set(message.id, { message, key: this.#options.uuid() });
    this.#hooks.addMessage(message);
    return this.#post(message.id);
  }

  /** Send a message that failed once more; whatever became of the first try, it is taken once. */
  retry(id) {
    const state = this.#sent.get(id)?.message.state;
    if (state !== "failed") return Promise.resolve(null);
    this.#note(id, { state: "sending", error: null });
    return this.#post(id);
  }

  /** Stop asking, and take every animation away. */
  dispose() {
    this.#unlisten();
    this.#timers.clearAll();
    for (const taskId of [...this.#tasks.keys()]) this.#close(taskId);
  }

  async #post(id) {
    const { message, key } = this.#sent.get(id);
    const thinking = this.#hooks.addThinkingAnimation();
    const { base, extra } = this.#options;
    const body = { action: "continue_conversation", message: message.text, ...extra };
    const request = { fetch: this.#environment.fetch, url: `${base}/api/chat`, message: body, headers: { "Idempotency-Key": key } };
    try {
      const answer = await postCommand(request);
      if (answer?.type !== "task_started") throw new Error("The server did not start a task.");
      this.#note(id, { state: "sent" });
      this.#follow(answer.task_id, thinking);
      return answer;
    } catch (error) {
      this.#hooks.removeThinkingAnimation(thinking);
      this.#note(id, { state: "failed", error: error.message });
      return null;
    }
  }

  #note(id, change) {
    const sent = this.#sent.get(id);
    sent.message = { ...sent.message, ...change };
    this.#hooks.changeMessage(sent.message);
  }

  #follow(taskId, thinking) {
    const backoff = new Backoff({ random: this.#environment.random });
    this.#tasks.set(taskId, { thinking, backoff, after: 0, poll: null });
    this.#poll(taskId);
  }

  #poll(taskId) {
    const task = this.#tasks.get(taskId);
    const { fetch, clock } = this.#environment;
    const url = () => `${this.#options.base}/api/chat/status/${encodeURIComponent(taskId)}?after=${task.after}`;
    task.poll = openPoll({ url, fetch, clock, load: loadStatus, interval: () => this.#interval() }, {
      page: (status) => this.#status(taskId, status),
      end: (outcome) => this.#failed(taskId, outcome),
    });
  }

  #interval() {
    const { pollMs, hiddenPollMs } = this.#options;
    return this.#environment.hidden() ? Math.max(pollMs, hiddenPollMs) : pollMs;
  }

  #status(taskId, { status, messages = [], result, error }) {
    const task = this.#tasks.get(taskId);
    task.backoff.reset();
    for (const message of messages) this.#display(task, message);
    if (status === "completed") this.#end(taskId, () => this.#hooks.handleFinalResult(result));
    else if (status === "error") this.#end(taskId, () => this.#say(error));
    return false;
  }

  #display(task, message) {
    task.after = Math.max(task.after, Number(message.id) || 0);
    if (this.#displayed.has(message.id)) return;
    this.#displayed.add(message.id);
    if (message.type === "restarted") this.#hooks.discardMessages(message.from);
    else this.#hooks.displayMessage(message);
  }

  #say(error) {
    this.#serial += 1;
    this.#hooks.addMessage({ id: `local-${this.#serial}`, text: `Error: ${error}`, role: "bot", state: "sent", error: null });
  }

  /** Ask again later, unless the answer would be the same. */
  #failed(taskId, { kind, status, message, retryAfter }) {
    if (kind === "status" && GONE.has(status)) {
      this.#end(taskId, () => this.#say(message ?? `The server answered with ${status}.`));
      return;
    }
    const delay = retryAfter ?? this.#tasks.get(taskId).backoff.next();
    this.#timers.set(taskId, delay, () => this.#poll(taskId));
  }

  #end(taskId, tell) {
    this.#close(taskId);
    tell();
  }

  #close(taskId) {
    const { poll, thinking } = this.#tasks.get(taskId);
    poll?.close();
    this.#timers.clear(taskId);
    this.#tasks.delete(taskId);
    this.#hooks.removeThinkingAnimation(thinking);
  }

  #shown() {
    if (this.#environment.hidden()) return;
    for (const { poll } of this.#tasks.values()) poll?.wake();
  }
}

/** The status of a task as the poll takes pages. */
async function loadStatus(request) {
  const { body, outcome } = await fetchJson(request);
  if (outcome) return { outcome };
  return typeof body.status === "string" ? { page: body } : { outcome: { kind: "bad_page", status: 200 } };
}
