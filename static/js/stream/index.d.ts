/** Types of the stream client; the behaviour is described in the modules themselves. */

/** For the JSDoc of the modules: an import expression in a comment would be rewritten by collectstatic. */
export as namespace CairnStream;

export type StreamState = "connecting" | "open" | "reconnecting" | "offline" | "polling" | "closed";

export type Envelope = "progress" | "result" | "complete" | "error" | "educational" | "status";

export type RunState =
  | "queued" | "running" | "waiting" | "paused"
  | "completed" | "failed" | "rejected" | "expired" | "cancelled";

/** One event of the log, as on the wire. */
export interface StreamEvent<Data = Record<string, any>> {
  event: Envelope;
  type: string;
  position: number;
  run_id: string;
  session_id?: string;
  timestamp: string;
  final?: true;
  data: Data;
}

/** Why a stream is in its state; the fields that apply are there. */
export interface StateDetails {
  /** closed: idle, finished, disconnected, signed_out, forbidden, not_found, bad_request.
   *  reconnecting: network, eof, timeout, status, not_a_stream, bad_page, hole, reconnect.
   *  polling: hidden, fallback, chosen. */
  reason?: string;
  status?: number;
  code?: string;
  message?: string;
  /** reconnecting: when it is tried again, on the clock, and how long that is from now, in ms. */
  retryAt?: number;
  retryIn?: number;
  attempt?: number;
  /** open, polling: fetch, eventsource or poll. */
  via?: "fetch" | "eventsource" | "poll";
}

export interface StateChange {
  state: StreamState;
  details: StateDetails;
  previous: StreamState;
}

export interface Opened {
  resume: "exact" | "snapshot" | "gap";
  position: number;
  from?: number;
  to?: number;
  snapshot?: Record<string, any>;
  heartbeat_seconds?: number;
  mode?: "inline" | "signal";
  /** Only a part of the log is told: positions may have holes. */
  sparse?: boolean;
}

export interface StreamEvents {
  state: StateChange;
  event: StreamEvent;
  opened: Opened;
  gap: { from: number; to: number };
  snapshot: { snapshot: Record<string, any>; position: number };
  final: StreamEvent;
  bad_frame: { error: Error; raw: string; position: number | null };
  control: Record<string, any>;
  alive: null;
}

export interface Clock {
  now(): number;
  setTimeout(fn: () => void, ms: number): any;
  clearTimeout(id: any): void;
}

export interface Environment {
  clock: Clock;
  random: () => number;
  fetch: typeof fetch;
  EventSource: any;
  canStream: boolean;
  online: () => boolean;
  hidden: () => boolean;
  onNetwork: (fn: (online: boolean) => void) => () => void;
  onVisibility: (fn: () => void) => () => void;
  onPage: (fn: (shown: boolean) => void) => () => void;
}

/** How an attempt to stream or poll ended. */
export interface Outcome {
  kind:
    | "final" | "finished" | "closed" | "reconnect" | "hole" | "eof" | "network"
    | "timeout" | "status" | "not_a_stream" | "bad_page";
  reason?: string;
  status?: number;
  /** Milliseconds. */
  retryAfter?: number | null;
  code?: string;
  message?: string;
}

/** What a transport tells its owner. */
export interface Sink {
  /** Something arrived, a heartbeat included. */
  bytes(): void;
  frame(frame: Frame): void;
  /** Returns whether the cursor moved. */
  page(page: any): boolean;
  /** Called once, and never after close(). */
  end(outcome: Outcome): void;
}

export interface StreamOptions extends Partial<Environment> {
  url: string;
  /** The cursor to start after; default 0, or what `storage` holds. */
  after?: number;
  /** Default "inline". */
  mode?: "inline" | "signal";
  /** Default false: the log ends with its run. True for a session, whose log goes on. */
  endless?: boolean;
  /** Default "auto": fetch, else EventSource, else poll, falling back to polling after failures; or
   *  always poll, where the page's `data-stream-transport` says so. */
  transport?: "auto" | "fetch" | "eventsource" | "poll";
  /** Silence before the first byte, in ms; default 15,000. */
  connectTimeout?: number;
  /** Silence afterwards; default twice the announced heartbeat. */
  heartbeatTimeout?: number;
  /** Default 3. */
  failuresBeforePolling?: number;
  /** Default 30,000, doubling up to streamRetryMaxMs, 300,000. */
  streamRetryMs?: number;
  streamRetryMaxMs?: number;
  /** When the server does not say; default 500. */
  pollMs?: number;
  /** Default 10,000. */
  hiddenPollMs?: number;
  /** Default 15,000; Infinity keeps the connection of a hidden tab. */
  hiddenGraceMs?: number;
  /** 0 to 1, default 0.2; shortens waits only. */
  jitter?: number;
  /** sessionStorage, to keep the cursor over a reload; only for pages that keep their content. */
  storage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  /** Where send() posts to. */
  commandUrl?: string;
  /** true logs to the console, a function gets (name, ...details). */
  debug?: boolean | ((...words: any[]) => void);
}

export interface SharedStreamOptions extends StreamOptions {
  /** Keeps streams of the same URL apart, for instance by user. */
  scope?: string;
  tabId?: string;
  locks?: any;
  BroadcastChannel?: any;
}

export interface Stream {
  readonly state: StreamState;
  readonly details: StateDetails;
  readonly cursor: number;
  readonly isConnected: boolean;
  readonly isFinished: boolean;
  /** Resolves on the first byte, or at once if the log has ended; rejects with StreamClosedError. */
  connect(): Promise<void>;
  reconnect(): Promise<void>;
  retryNow(): void;
  disconnect(): void;
  send(message: unknown): Promise<any>;
  on<Name extends keyof StreamEvents>(name: Name, listener: (payload: StreamEvents[Name]) => void): () => void;
  on(name: `type:${string}`, listener: (event: StreamEvent) => void): () => void;
  once<Name extends keyof StreamEvents>(name: Name, listener: (payload: StreamEvents[Name]) => void): () => void;
  off(name: string, listener: (payload: any) => void): void;
  removeAll(): void;
  listenerCount(name: string): number;
}

export class StreamConnection {
  constructor(options: StreamOptions);
}
export interface StreamConnection extends Stream {}

/** One connection for all tabs of the browser that watch the same URL. */
export class SharedStream {
  constructor(options: SharedStreamOptions);
  static supported(options?: Partial<SharedStreamOptions>): boolean;
  readonly isLeader: boolean;
}
export interface SharedStream extends Stream {}

export class StreamClosedError extends Error {
  readonly reason: string;
  readonly status?: number;
}

/** Shared where the browser can, an own connection elsewhere or with `shared: false`. */
export function openStream(options: SharedStreamOptions & { shared?: boolean }): Stream;

export function subscribe(
  url: string,
  onEvent: (event: StreamEvent) => void,
  onError?: (error: Error) => void,
  options?: Partial<SharedStreamOptions> & { shared?: boolean },
): () => void;

export interface StreamSnapshot {
  data: StreamEvent | null;
  error: Error | null;
  isConnected: boolean;
  reconnect: () => Promise<void>;
}

export function createStreamStore(
  url: string,
  options?: Partial<SharedStreamOptions> & { shared?: boolean },
): { getSnapshot(): StreamSnapshot; subscribe(listener: () => void): () => void };

export class Backoff {
  constructor(options?: { steps?: readonly number[]; jitter?: number; random?: () => number });
  readonly attempt: number;
  next(): number;
  reset(): void;
}

export interface Frame {
  data: string;
  id: string;
  event: string;
}

export class SseParser {
  constructor(handlers: { onFrame: (frame: Frame) => void; onComment?: (text: string) => void; onRetry?: (ms: number) => void });
  readonly lastEventId: string;
  push(bytes: Uint8Array): void;
}

export const BACKOFF_STEPS_MS: readonly number[];
export const DEFAULT_JITTER: number;
export const systemClock: Clock;
export const ENVELOPES: readonly Envelope[];
export const TERMINAL_STATES: readonly RunState[];
export const CONTROL: { readonly opened: "stream_opened"; readonly reconnect: "reconnect"; readonly closed: "closed" };
export const CLOSED: {
  readonly idle: "idle"; readonly finished: "finished"; readonly disconnected: "disconnected"; readonly signedOut: "signed_out";
  readonly forbidden: "forbidden"; readonly notFound: "not_found"; readonly badRequest: "bad_request";
};

/** An answer that is not 2xx, or none at all: then `status` is 0 and `code` is "network". */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string[]>;
  readonly body: any;
  /** Seconds. */
  readonly retryAfter: number | null;
}

export interface Page<Item = any> {
  next: string | null;
  previous: string | null;
  results: Item[];
}

export type Query = string | Record<string, any>;

export interface RestOptions {
  base?: string;
  fetch?: typeof fetch;
  XMLHttpRequest?: any;
  uuid?: () => string;
  csrfToken?: () => string;
}

/** What REST offers of every run; PlanApi and SessionApi add their own. */
export class RunsApi {
  constructor(options?: RestOptions);
  getRun(id: string): Promise<any>;
  cancelRun(id: string): Promise<any>;
  getGate(id: string): Promise<any>;
  listGates(query?: Query): Promise<Page>;
  answerGate(id: string, answer: { decision: string; digest: string; comment?: string; payload?: object }): Promise<any>;
  getContent(messageId: string, fromSequence?: number): Promise<ContentPage>;
  uploadFile(
    file: File,
    options?: { onProgress?: (sent: { loaded: number; total: number; percent: number }) => void; signal?: AbortSignal; fields?: Record<string, string> },
  ): Promise<any>;
}

export interface ContentPage {
  message_id: string;
  sequence: number;
  content: string;
  has_more: boolean;
  completed: boolean;
}

export class ContentPuller {
  constructor(options: {
    pull: (messageId: string, fromSequence: number) => Promise<ContentPage>;
    onText: (messageId: string, text: { added: string; content: string; sequence: number; completed: boolean }) => void;
    onError?: (messageId: string, error: Error) => void;
    clock?: Clock;
    random?: () => number;
  });
  take(event: StreamEvent, options?: { completed?: boolean }): void;
  signal(messageId: string, sequence: number): void;
  complete(messageId: string, finalSequence?: number): void;
  textOf(messageId: string): { content: string; sequence: number; completed: boolean };
  dispose(): void;
}
