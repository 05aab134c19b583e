/** Types of the planning client's state and of its REST client. */

import { RunsApi, type Page, type Query, type RunState, type StreamEvent } from "../stream/index.js";

export as namespace CairnPlan;

export type IconName =
  | "rocket" | "cycle" | "stop" | "check" | "disk" | "cross" | "hand"
  | "pause" | "play" | "clock" | "retry" | "warning";

export interface TimelineLine {
  /** The same in every replay; use it as the key of the row. */
  key: string;
  /** A string ("s3") for lines made from a snapshot, null for a connection line. */
  position: number | string | null;
  icon: IconName;
  text: string;
  time: string | null;
  level: "info" | "success" | "warning" | "error";
}

export interface Proposal {
  title: string;
  maxIterations: number;
  checkpointInterval: number;
  attempt: number;
  /** Markdown; null in signal mode until withContent() */
  content: string | null;
  messageId: string | null;
  sequence: number | null;
  decision: string | null;
  decidedBy: string | null;
  comment: string;
  decidedAt: string | null;
}

export interface ProgressLine {
  key: string;
  position: number;
  agent: string;
  message: string;
  progress: number;
  time: string;
}

export interface EducationalCard {
  key: string;
  title: string;
  description: string;
  details: string[];
  insight: string;
  nextStep: string;
  estimatedSeconds: number | null;
}

export interface Metric {
  key: string;
  iteration: number;
  name: string;
  value: number | string;
  unit: string;
  detail: string;
  time: string;
}

export interface Iteration {
  number: number;
  state: "running" | "completed" | "failed" | "rejected" | "expired" | "cancelled";
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  frameworks: string[];
  dataPoints: number;
  insights: any;
  gaps: any;
  progress: ProgressLine[];
  cards: EducationalCard[];
  metrics: Metric[];
}

export interface Operation {
  name: string;
  step: number | null;
  total: number | null;
  percent: number;
  message: string;
  agent: string | null;
  card: EducationalCard | null;
  startedAt: string | null;
  status: "running" | "waiting" | "paused" | "queued" | "retrying";
}

export interface GateRef {
  id: string;
  digest: string;
  deadline: string | null;
  decisions: string[];
}

export interface PendingGate extends GateRef {
  kind: "proposal" | "checkpoint" | "tool" | "question";
  name: string;
  question: string;
  /** The checkpoint's number, for a gate of that kind. */
  checkpoint: number | null;
  title: string;
  icon: "hand";
  openedAt: string | null;
}

export interface Checkpoint {
  number: number;
  iteration: number | null;
  summary: string | null;
  messageId: string | null;
  sequence: number | null;
  frameworks: string[];
  dataPoints: number;
  gate: GateRef | null;
  decision: "approve" | "approve_all" | "revise" | "reject" | "expired" | null;
  decidedBy: string | null;
  comment: string;
  reachedAt: string | null;
  decidedAt: string | null;
}

export interface FinalPlan {
  content: string | null;
  frameworks: number;
  dataPoints: number;
  iterations: number;
  checkpoints: number;
  messageId: string | null;
  sequence: number | null;
  at: string | null;
}

export interface PlanState {
  position: number;
  runId: string | null;
  planId: string | null;
  goal: string;
  runState: RunState;
  finished: boolean;
  progress: number;
  proposal: Proposal | null;
  maxIterations: number | null;
  checkpointInterval: number | null;
  iterations: Iteration[];
  frameworks: string[];
  counts: { frameworks: number; dataPoints: number };
  /** What the overlay shows; null when nothing goes on any more. */
  operation: Operation | null;
  metrics: Metric[];
  checkpoints: Checkpoint[];
  pendingGate: PendingGate | null;
  finalPlan: FinalPlan | null;
  entity: { slug: string; title: string; url: string } | null;
  error: { code: string; message: string; step: string | null } | null;
  retry: { attempt: number; maxAttempts: number; retryInSeconds: number; error: any; at: string } | null;
  /** Events the server no longer had; fetch the plan by REST when it is set. */
  gap: { from: number; to: number } | null;
  timeline: TimelineLine[];
  contents: Record<string, { content: string; completed: boolean }>;
}

export function initialState(): PlanState;
export function reduce(state: PlanState, event: StreamEvent | Record<string, any>): PlanState;
export function fromEvents(events: StreamEvent[]): PlanState;
export function fromPlan(plan: Record<string, any>, position?: number): PlanState;
export function withContent(state: PlanState, messageId: string, content: string, completed?: boolean): PlanState;
export function connectionLine(time: string): TimelineLine;
export const ICONS: Readonly<Record<IconName, string>>;
export const WORDS: Readonly<Record<string, (...args: any[]) => string>>;

export { ApiError, ContentPuller } from "../stream/index.js";

export class PlanApi extends RunsApi {
  createPlan(plan: { goal: string; engine?: string; max_iterations?: number; checkpoint_interval?: number; documents?: string[]; deadline_seconds?: number }): Promise<any>;
  getPlan(id: string): Promise<any>;
  listPlans(query?: Query): Promise<Page>;
  pause(id: string): Promise<any>;
  resume(id: string): Promise<any>;
  cancel(id: string): Promise<any>;
  branch(id: string, checkpoint: number): Promise<any>;
  listEntities(query?: Query): Promise<Page>;
  getEntity(slug: string): Promise<any>;
  createEntity(entity: object): Promise<any>;
}
