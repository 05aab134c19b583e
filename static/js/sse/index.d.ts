/** Types of the older client interface. */

import type { SharedStreamOptions, StreamEvent, StreamState } from "../stream/index.js";

export type SSEEventName = "progress" | "complete" | "error" | "educational" | "status";

export interface EducationalContent {
  title?: string;
  description?: string;
  details?: string[];
  insight?: string;
  prompt_preview?: string;
  estimated_seconds?: number;
  achievement?: string;
  next_step?: string;
  fallback?: string;
  [key: string]: any;
}

export interface SSEData {
  step?: number;
  progress?: number;
  message?: string;
  educational_content?: EducationalContent;
  error?: string;
  timestamp: string;
  [key: string]: any;
}

export interface SSEMessage {
  event: SSEEventName;
  data: SSEData;
  /** Of messages that came over a stream. */
  type?: string;
  position?: number;
  final?: true;
}

export type EventHandler<Payload = SSEMessage> = (payload: Payload) => void;

export type SSEOptions = Partial<SharedStreamOptions> & { shared?: boolean };

export interface BadMessage {
  error: Error;
  raw: string;
}

export class SSEConnection {
  constructor(url: string, options?: SSEOptions);
  readonly position: number;
  readonly state: StreamState;
  connect(): Promise<void>;
  disconnect(): void;
  send(message: { event: SSEEventName; data?: Partial<SSEData> }): Promise<any>;
  on(event: SSEEventName | "message", handler: EventHandler): () => void;
  on(event: "bad_message", handler: EventHandler<BadMessage>): () => void;
  on(event: "connection_error", handler: EventHandler<Error>): () => void;
  off(event: string, handler: EventHandler<any>): void;
  isConnected(): boolean;
  reconnect(): Promise<void>;
}

export class SSEEventManager {
  on(event: string, handler: EventHandler<any>): () => void;
  off(event: string, handler: EventHandler<any>): void;
  take(event: StreamEvent | SSEMessage): void;
  bad(error: Error, raw: string): void;
  connectionError(details: { reason?: string; message?: string; status?: number }): void;
}

export class SSEReconnection {
  constructor(options?: { jitter?: number; random?: () => number });
  static readonly delays: readonly number[];
  readonly attempt: number;
  nextDelay(): number;
  succeeded(): void;
}

export interface SSESnapshot {
  data: SSEMessage | null;
  error: Error | null;
  isConnected: boolean;
  reconnect: () => Promise<void>;
}

export function useSSE(
  url: string,
  options?: SSEOptions,
): SSESnapshot & { subscribe(listener: () => void): () => void; getSnapshot(): SSESnapshot };

export const EVENTS: readonly SSEEventName[];
export function problemOf(message: unknown): string | null;
export function parseMessage(text: string): SSEMessage;
export function formatMessage(message: { event: SSEEventName; data?: Partial<SSEData> }): string;
export function timestamp(moment?: number): string;
export function toMessage(event: StreamEvent | SSEMessage): SSEMessage;
