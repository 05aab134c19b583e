/** Types of the chat client's state and of its REST client. */

import { RunsApi, type Page, type Query } from "../stream/index.js";

export as namespace CairnChat;

export { ApiError, ContentPuller } from "../stream/index.js";

export type Mode = "plan" | "act";

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

/** The body of GET sessions/{id}/snapshot/. */
export type Snapshot = Record<string, any>;
