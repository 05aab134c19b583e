/** The log of a whole strategy: three steps, of which the second may fail. */

import { event, final } from "./events.js";

export const GUIDES = [
  { name: "context", title: "Reading the context" },
  { name: "competition", title: "Analyzing the competition" },
  { name: "document", title: "Writing the strategy" },
];

const FAILURE = { code: "scripted", message: "The model is gone." };

function step(number, fails) {
  const { name, title } = GUIDES[number - 1];
  const base = { step: name, number };
  const end = fails
    ? [
        ["strategy_step_failed", { ...base, duration_ms: 40, message: "Left out.", error: FAILURE }],
        ["strategy_card", { ...base, phase: "fallback", title: `${title}: left out`, description: "d", fallback: "This part is missing.", next_step: "n" }],
      ]
    : [
        ["strategy_step_completed", { ...base, duration_ms: 40, achievement: `Part ${number}.`, frameworks: [`F${number}`], findings: 2, data_points: 1, gaps: 0 }],
        ["strategy_card", { ...base, phase: "end", title: `${title}: done`, description: "d", achievement: `Part ${number}.`, next_step: "n" }],
      ];
  return [
    ["strategy_step_started", { ...base, progress: number * 10, title, message: "Started.", estimated_seconds: 2 }],
    ["strategy_card", { ...base, phase: "start", title, description: "d", details: ["a"], insight: "i", estimated_seconds: 2 }],
    ["strategy_progress", { ...base, progress: number * 10 + 5, message: "Half.", agent: "planner" }],
    ["strategy_card", { ...base, phase: "working", title: "SWOT", description: "d", prompt_preview: "Work on it." }],
    ...end,
  ];
}

/** @returns {object[]} the events of one strategy, in order */
export function strategyLog({ failing = 0 } = {}) {
  const parts = [
    ["run_state", { state: "queued" }],
    ["run_state", { state: "running" }],
    ["strategy_started", { goal: "Enter", steps: 3, estimated_seconds: 6 }],
    ...[1, 2, 3].flatMap((number) => step(number, number === failing)),
    ["strategy_ready", { title: "Enter", frameworks: 2, findings: 4, data_points: 2, gaps: 0, missing: failing ? ["competition"] : [], message_id: "m", sequence: 1, content: "# Enter" }],
    ["strategy_saved", { entity: "enter", title: "Enter", url: "/memory/enter/" }],
  ];
  const log = parts.map(([type, data], index) => event(index + 1, type, data));
  return [...log, final(log.length + 1)];
}
