/** Types of the chat client's state and of its REST client. */

import { RunsApi, type Environment, type Page, type Query, type StreamEvent } from "../stream/index.js";

export as namespace CairnChat;

export { ApiError, ContentPuller } from "../stream/index.js";
export { BackendContextService, ChatManager, TRANSITIONS, initialSnapshot, transition } from "./contexts.js";

export type Mode = "plan" | "act";
export type SessionState = "idle" | "initialising" | "thinking" | "waiting_approval" | "waiting_answer";
export type MessageStatus = "streaming" | "complete" | "waiting" | "cancelled" | "failed";

export type IconName =
  | "rocket" | "cycle" | "stop" | "check" | "disk" | "cross" | "hand" | "pause" | "play" | "clock" | "retry" | "warning"
  | "chat" | "compass" | "code" | "spark" | "chart" | "file" | "tool" | "table" | "gear" | "branch" | "merge" | "pencil" | "lines";

/** A line of the run timeline and of the system log. */
export interface Line {
  /** The same in every replay; use it as the key of the row. */
  key: string;
  position: number | null;
  time: string | null;
  level: "info" | "success" | "warning" | "error";
  icon: IconName;
  text: string;
  /** Which part speaks: an agent of the engine, a tool, or run, gate, session, message, stream. */
  agent: string;
  runId: string | null;
  /** Taken back when its step starts again. */
  byStep: boolean;
}

/** The parts of a message; what is in them is as REST tells it (agents.chats). */
export interface Parts {
  intent: { intent_type: string; confidence: number; reasoning: string; plot: { kind: string; x: string; y: string } } | null;
  query: Record<string, any> | null;
  insight: { text: string; facts: string[] } | null;
  summary: { statistics: Record<string, any>[]; chart: Record<string, any> | null } | null;
  references: { reference: string; path: string; kind: string; first_line: number; last_line: number; is_cut?: boolean; /** Of an answer: its text is pulled by this. */ message_id?: string }[];
  tools: ToolCall[];
  suggestions: string[];
  files: string[];
  /** The result of a workflow: title, text, table, chart, files. */
  card: Record<string, any> | null;
  /** answered, declined, denied or ended; null until the reply is complete. */
  status: string | null;
}

export interface ToolCall {
  call_id: string;
  tool: string;
  arguments: Record<string, any>;
  approval: "not_needed" | "automatic" | "given";
  state: "running" | "finished" | "failed";
  result: any;
  error: string;
}

export interface Message {
  id: string;
  turn: number;
  role: "user" | "assistant" | "system";
  branchId: string | null;
  status: MessageStatus;
  /** Markdown, as far as it is here. */
  text: string;
  /** The number of the last piece of text that is here. */
  sequence: number;
  runId: string | null;
  by: string | null;
  at: string | null;
  /** The workflow that a user's message started. */
  workflow: string | null;
  /** Why its run failed. */
  error: { code: string; message: string } | null;
  parts: Parts;
}

/** A run that has not ended. */
export interface Run {
  id: string;
  kind: "initialise" | "reply" | "workflow" | null;
  state: "queued" | "running" | "waiting" | "paused";
  progress: number;
  step: string;
  message: string;
  startedAt: string | null;
  cancelling: boolean;
  retry: { attempt: number; maxAttempts: number; retryInSeconds: number; error: any; at: string } | null;
  /** The last sign of life since something was told. */
  sign: { number: number; seconds: number } | null;
}

/** What the overlay shows: the run at work or at a gate, else the first that is queued. */
export interface Operation {
  runId: string;
  kind: Run["kind"];
  name: string;
  status: Run["state"] | "retrying" | "cancelling";
  progress: number;
  message: string;
  step: string;
  startedAt: string | null;
  sign: Run["sign"];
  retry: Run["retry"];
  /** How many other runs wait behind it. */
  queued: number;
}

export interface Gate {
  id: string;
  runId: string | null;
  kind: "tool" | "question" | null;
  name: string;
  state: "announced" | "pending" | "decided" | "expired" | "withdrawn";
  question: string;
  calls: { call_id: string; tool: string; description: string; arguments: Record<string, any> }[];
  /** Answers to choose from; only REST tells them: see withGate(). */
  options: string[];
  digest: string;
  deadline: string | null;
  decisions: string[];
  decision: string | null;
  decidedBy: string | null;
  /** The answer, or the reason of a denial. */
  comment: string;
  /** The calls whose arguments were changed. */
  edited: string[];
  openedAt: string | null;
  decidedAt: string | null;
}

export interface Branch {
  id: string;
  name: string;
  parent: string | null;
  forkTurn: number;
}

export interface DataModel {
  name: string;
  summary: string;
  tables: number | null;
  columns: number | null;
  rows: number | null;
  relationships: number | null;
  issues: number | null;
  quality: number;
  suggestions: string[];
}

export interface ChatState {
  position: number;
  sessionId: string | null;
  title: string;
  mode: Mode;
  state: SessionState;
  /** The branch that is shown and continued. */
  branchId: string | null;
  branches: Branch[];
  messages: Record<string, Message>;
  /** Texts that the log speaks of and that are not here: pull them, then withContent(). `of` and `part` say to which messages it belongs as what. */
  wanted: Record<string, { sequence: number; final: boolean; of: string[]; part: string | null }>;
  /** Those that have not ended. */
  runs: Record<string, Run>;
  /** null when nothing goes on. */
  operation: Operation | null;
  gates: Gate[];
  pendingGate: Gate | null;
  dataSet: string;
  /** null until the data is profiled. */
  dataModel: DataModel | null;
  /** Why the run that ended last failed; null if it did not. */
  error: { code: string; message: string; runId: string; kind: Run["kind"] } | null;
  /** Events the server no longer had; fetch a snapshot when it is set. */
  gap: { from: number; to: number } | null;
  timeline: Line[];
  systemLog: Line[];
}

/** The body of GET sessions/{id}/snapshot/. */
export type Snapshot = Record<string, any>;

export function initialState(): ChatState;
export function reduce(state: ChatState, event: StreamEvent | Record<string, any>): ChatState;
export function fromEvents(events: StreamEvent[]): ChatState;
/** Go on with the events after snapshot.position. It has no lines: those only the log has. */
export function fromSnapshot(snapshot: Snapshot, position?: number): ChatState;
export function withContent(state: ChatState, messageId: string, pulled: { content: string; sequence: number }): ChatState;
/** Put in what GET gates/{id}/ tells. */
export function withGate(state: ChatState, gate: Record<string, any>): ChatState;
/** The gate that a reply waits at, or waited at. */
export function gateOf(state: ChatState, message: Message): Gate | null;
export function messagesInOrder(state: ChatState): Message[];
/** The messages of a branch, those before it parted included; of the branch that is shown by default. */
export function visibleMessages(state: ChatState, branchId?: string | null): Message[];
/** For the branch picker "2 / 3": index + 1 and count; show `branchId` of a message to switch to it. */
export function siblings(state: ChatState, message: Message): { index: number; count: number; messages: Message[] };
export function connectionLine(time: string): Line;
export const ICONS: Readonly<Record<IconName, string>>;
export const WORDS: Readonly<Record<string, (...args: any[]) => string>>;
export const OPERATIONS: Readonly<Record<"initialise" | "reply" | "workflow", string>>;

/** REST under /api/v1/: what each call answers is what the server's documentation says. */
export class SessionApi extends RunsApi {
  createSession(session?: { title?: string; files?: string[]; demo?: string; mode?: Mode; engine?: string }): Promise<any>;
  listSessions(query?: Query): Promise<Page>;
  getSession(id: string): Promise<any>;
  getSnapshot(id: string): Promise<Snapshot>;
  rename(id: string, title: string): Promise<any>;
  setMode(id: string, mode: Mode): Promise<any>;
  switchBranch(id: string, branch: string): Promise<any>;
  listMessages(id: string, query?: Query): Promise<any>;
  postMessage(id: string, message: { text: string; branch?: string; files?: string[]; metadata?: object }): Promise<any>;
  editMessage(id: string, message: string, text: string): Promise<any>;
  retryMessage(id: string, message: string): Promise<any>;
  listBranches(id: string): Promise<any>;
  createBranch(id: string, branch?: { from_message?: string; name?: string }): Promise<any>;
  mergeBranches(id: string, merge: { source: string; target: string; messages?: string[] }): Promise<any>;
  listWorkflows(id: string): Promise<any>;
  startWorkflow(id: string, workflow: string, parameters?: Record<string, unknown>): Promise<any>;
  getModel(id: string): Promise<any>;
  modelAddress(id: string): string;
  listReferences(id: string): Promise<any>;
  getPreferences(): Promise<{ stream_mode: "inline" | "signal" }>;
  setPreferences(preferences: { stream_mode: "inline" | "signal" }): Promise<{ stream_mode: "inline" | "signal" }>;
  eventsAddress(id: string): string;
}

/** A message that was written here. */
export interface LocalMessage {
  id: string;
  text: string;
  role: "user" | "bot";
  state: "sending" | "sent" | "failed";
  error: string | null;
}

export interface InsightHooks {
  /** Something new from here: what the user wrote, or why a task failed. */
  addMessage(message: LocalMessage): void;
  /** What the user wrote is on its way, sent, or failed: then offer retry(id). */
  changeMessage(message: LocalMessage): void;
  /** Something new from the task, once for each id. */
  displayMessage(message: Record<string, any>): void;
  /** A step starts again: take away what was displayed with an id above this one. */
  discardMessages(after: number): void;
  /** Once for a task that is completed. */
  handleFinalResult(result: any): void;
  addThinkingAnimation(): any;
  /** Always called with what addThinkingAnimation() gave, however it ends. */
  removeThinkingAnimation(thinking: any): void;
}

export class InsightClient {
  constructor(
    options?: Partial<InsightHooks> &
      Partial<Environment> & { base?: string; pollMs?: number; hiddenPollMs?: number; extra?: object; uuid?: () => string },
  );
  /** null for a message without words, or that failed. */
  sendMessage(text: string): Promise<any>;
  retry(id: string): Promise<any>;
  dispose(): void;
}
