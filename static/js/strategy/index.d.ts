/** Types of the strategy client's state and of its REST client. */

import { RunsApi, type Page, type Query, type RunState, type StreamEvent } from "../stream/index.js";

export as namespace CairnStrategy;

export interface Guide {
  name: string;
  title: string;
}

export interface EducationalCard {
  key: string;
  phase: "start" | "working" | "end" | "fallback";
  title: string;
  description: string;
  details: string[];
  insight: string;
  promptPreview: string;
  achievement: string;
  nextStep: string;
  fallback: string;
  estimatedSeconds: number | null;
}

export interface StrategyStep {
  number: number;
  name: string;
  title: string;
  state: "pending" | "running" | "completed" | "failed" | "stopped";
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  estimatedSeconds: number | null;
  achievement: string;
  error: { code: string; message: string } | null;
  counts: { frameworks: string[]; findings: number; dataPoints: number; gaps: number } | null;
  cards: EducationalCard[];
  lines: { key: string; agent: string; message: string; progress: number; time: string }[];
}

export interface StrategyState {
  position: number;
  runId: string | null;
  goal: string;
  runState: RunState;
  finished: boolean;
  progress: number;
  estimatedSeconds: number | null;
  steps: StrategyStep[];
  operation: {
    name: string;
    step: number | null;
    total: number | null;
    message: string;
    agent: string | null;
    card: EducationalCard | null;
    startedAt: string;
    percent: number;
    status: string;
  } | null;
  heard: number | string;
  sign: { seconds: number; at: string } | null;
  silence: { seconds: number; limitSeconds: number; position: number } | null;
  document: {
    title: string;
    content: string | null;
    messageId: string | null;
    sequence: number | null;
    frameworks: number;
    findings: number;
    dataPoints: number;
    gaps: number;
  } | null;
  entity: { slug: string; title: string; url: string } | null;
  missing: { step: number; title: string; reason: string }[];
  error: { code: string; message: string } | null;
  retry: { attempt: number; maxAttempts: number; error: object | null; at: string } | null;
  gap: { from: number; to: number } | null;
  timeline: { key: string; position: number | string; icon: string; text: string; time: string; level: string; step: string }[];
}

export function initialState(guides?: Guide[]): StrategyState;
export function reduce(state: StrategyState, event: StreamEvent): StrategyState;
export function fromEvents(events: StreamEvent[], guides?: Guide[]): StrategyState;
export function fromStrategy(strategy: any, position?: number, guides?: Guide[]): StrategyState;
export const WORDS: Readonly<Record<string, (...words: any[]) => string>>;

export class Silence {
  constructor(options: { limitMs: number; now?: () => number });
  limitMs: number;
  readonly lasts: number;
  note(known: { heard: unknown; works: boolean; connected: boolean }): void;
  isOver(told?: number): boolean;
  keepWaiting(told?: number): void;
}

export class StrategyApi extends RunsApi {
  createStrategy(strategy: { goal: string; documents?: string[]; engine?: string }): Promise<any>;
  getStrategy(id: string): Promise<any>;
  listStrategies(query?: Query): Promise<Page>;
  pause(id: string): Promise<any>;
  resume(id: string): Promise<any>;
  cancel(id: string): Promise<any>;
}
