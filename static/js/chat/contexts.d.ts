/** Types of the client of the context API. */

import type { Clock } from "../stream/index.js";

export as namespace CairnContexts;

interface Signal<Type extends string> {
  type: Type;
  timestamp: string;
}

interface ContextSignal<Type extends string> extends Signal<Type> {
  context_id: string;
}

export interface StateChangedEvent extends ContextSignal<"state_changed"> {
  new_state: "idle" | "initialising" | "thinking" | "waiting_approval" | "waiting_answer";
}

export interface MessageStartedEvent extends ContextSignal<"message_started"> {
  message_id: string;
  turn: number;
  branch: string;
}

export interface ContentDeltaEvent extends ContextSignal<"content_delta"> {
  message_id: string;
  current_sequence: number;
}

export interface MessageCompletedEvent extends ContextSignal<"message_completed"> {
  message_id: string;
  final_sequence: number;
  /** Absent when it is complete. */
  status?: "waiting" | "cancelled" | "failed";
}

export interface ToolCallRequestedEvent extends ContextSignal<"tool_call_requested"> {
  message_id: string;
  gate_id: string;
  count: number;
  tools: string[];
}

export interface RunFailedEvent extends ContextSignal<"run_failed"> {
  run_id: string;
  code: string;
  error: string;
}

export interface HeartbeatEvent extends Signal<"heartbeat"> {}

/** Those that a chat needs; others have a `type` too, and may be ignored. */
export type SignalEvent =
  | StateChangedEvent
  | MessageStartedEvent
  | ContentDeltaEvent
  | MessageCompletedEvent
  | ToolCallRequestedEvent
  | RunFailedEvent
  | HeartbeatEvent;

export interface MessageContent {
  context_id: string;
  message_id: string;
  /** The number of the last piece in `content`. */
  sequence: number;
  content: string;
  has_more?: boolean;
  completed?: boolean;
}

export class BackendContextService {
  constructor(options?: { base?: string; fetch?: typeof fetch; EventSource?: any });
  /** Returns the cleanup; `fatal` on an error says that the stream does not go on. */
  subscribeToContextEvents(
    contextId: string,
    onEvent: (event: SignalEvent, at: { position: number | null }) => void,
    onError?: (error: Error & { fatal?: boolean }) => void,
    options?: { after?: number },
  ): () => void;
  /** 0 is a sequence; throws an Error with `status` on an answer that is not 2xx. */
  getMessageContent(contextId: string, messageId: string, fromSequence?: number): Promise<MessageContent>;
  sendMessage(contextId: string, content: string, metadata?: object, key?: string): Promise<any>;
  cancel(contextId: string): Promise<any>;
}

export interface ToolCallRequest {
  gateId: string;
  count: number;
  tools: string[];
}

export interface ChatMachineContext {
  messages: any[];
  currentContextId: string | null;
  streamingContent: string;
  finalContent: string;
  toolCallRequest: ToolCallRequest | null;
  parsedParameters: any[] | null;
  error: Error | null;
}

export interface ChatMachineSnapshot {
  state: "IDLE" | "THINKING";
  context: ChatMachineContext;
}

export type ChatMachineEvent =
  | { type: "USER_SUBMITS"; payload?: { messages?: any[]; contextId?: string } }
  | { type: "CHUNK_RECEIVED"; payload: { chunk: string } }
  | { type: "STREAM_COMPLETE_TEXT"; payload?: { finalContent?: string; toolCallRequest?: ToolCallRequest | null; parsedParameters?: any[] | null } }
  | { type: "STREAM_ERROR"; payload: { error: Error } }
  | { type: "CANCEL"; payload?: {} };

export function initialSnapshot(currentContextId?: string | null): ChatMachineSnapshot;
export function transition(snapshot: ChatMachineSnapshot, event: ChatMachineEvent): ChatMachineSnapshot;
export const TRANSITIONS: Readonly<
  Record<ChatMachineSnapshot["state"], Readonly<Partial<Record<ChatMachineEvent["type"], { target?: ChatMachineSnapshot["state"]; change: Function }>>>>
>;

export interface ChatManagerSnapshot extends ChatMachineSnapshot {
  streamingMessageId: string | null;
  /** "" unless a reply is awaited. */
  streamingText: string;
  backendState: StateChangedEvent["new_state"] | null;
  connection: "idle" | "connecting" | "open" | "reconnecting";
}

/**
 * What useChatManager does, without a framework. In React:
 *   const chat = useSyncExternalStore(manager.subscribe, manager.getSnapshot);
 */
export class ChatManager {
  constructor(options: {
    service: BackendContextService;
    /** Until the server says otherwise; default 30,000. */
    heartbeatMs?: number;
    clock?: Clock;
    random?: () => number;
    uuid?: () => string;
    onError?: (error: Error) => void;
  });
  getSnapshot: () => ChatManagerSnapshot;
  subscribe: (listener: () => void) => () => void;
  selectChat(chatId: string | null, options?: { after?: number }): void;
  /** null without a chat or without words. */
  sendMessage(content: string, metadata?: object): Promise<any>;
  cancel(): Promise<void>;
  dispose(): void;
}
