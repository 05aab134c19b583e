/** The recorded session: its log, and what the server told of it at each commit. */

import { readFileSync } from "node:fs";

const LISTS = ["messages", "runs", "branches", "gates", "pending_gates"];

const recorded = JSON.parse(readFileSync(new URL("./session-log.json", import.meta.url), "utf8"));

/** @returns {object[]} as readers of the inline profile got them */
export const events = recorded.events;

/** The gates as REST told them while they waited. */
export const gates = recorded.gates;

/** Snapshots are kept as differences, and what is in their lists by its number. */
export function* snapshots() {
  let whole = {};
  for (const difference of recorded.snapshots) {
    whole = { ...whole, ...difference };
    const lists = LISTS.filter((name) => name in whole).map((name) => [name, whole[name].map((number) => recorded.objects[number])]);
    yield structuredClone({ ...whole, ...Object.fromEntries(lists) });
  }
}
