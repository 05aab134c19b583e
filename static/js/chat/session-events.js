/** Events of the session itself: what it is about, its mode, its title, its branches. */

import { upsert } from "../log/lists.js";
import { WORDS, withLine } from "./lines.js";
import { withRun } from "./runs.js";

export const sessionHandlers = {
  session_started(state, event) {
    const { title, mode, branch, data_set: dataSet } = event.data;
    const main = { id: branch, name: "main", parent: null, forkTurn: 0 };
    const named = { ...state, sessionId: event.session_id ?? state.sessionId, title, mode, dataSet };
    const started = { ...withBranch(named, main), branchId: branch };
    const run = withRun(started, event.run_id, { kind: "initialise" });
    return withLine(run, event, { icon: "rocket", text: WORDS.started(dataSet), agent: "session" });
  },

  state_changed(state, event) {
    const { new_state: now } = event.data;
    return withLine({ ...state, state: now }, event, { icon: "lines", text: WORDS.state(now), agent: "session", quiet: true });
  },

  data_model_ready(state, event) {
    const { name, summary, tables, columns, rows, relationships, quality, issues, suggestions } = event.data;
    const dataModel = { name, summary, tables, columns, rows, relationships, quality, issues, suggestions: suggestions ?? [] };
    return withLine({ ...state, dataModel }, event, { icon: "table", text: WORDS.model(dataModel), level: "success", agent: "initialise" });
  },

  mode_switched(state, event) {
    const { mode, by } = event.data;
    return withLine({ ...state, mode }, event, { icon: "gear", text: WORDS.mode(mode, by), agent: "session" });
  },

  title_changed(state, event) {
    const { title } = event.data;
    return withLine({ ...state, title }, event, { icon: "pencil", text: WORDS.title(title), agent: "session" });
  },

  branch_created(state, event) {
    const { branch: id, name, parent, fork_turn: forkTurn, by } = event.data;
    const created = withBranch(state, { id, name, parent: parent ?? null, forkTurn });
    return withLine(created, event, { icon: "branch", text: WORDS.branchCreated(name, by), agent: "session" });
  },

  branch_switched(state, event) {
    const { branch, by } = event.data;
    const text = WORDS.branchSwitched(nameOf(state, branch), by);
    return withLine({ ...state, branchId: branch }, event, { icon: "branch", text, agent: "session" });
  },

  branch_merged(state, event) {
    const { branch, source, turns } = event.data;
    const text = WORDS.branchMerged(nameOf(state, source), nameOf(state, branch), turns);
    return withLine(state, event, { icon: "merge", text, level: "success", agent: "session" });
  },
};

function withBranch(state, branch) {
  return { ...state, branches: upsert(state.branches, (one) => one.id === branch.id, branch, {}) };
}

function nameOf(state, id) {
  return state.branches.find((branch) => branch.id === id)?.name ?? id;
}
