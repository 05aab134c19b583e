/** The whole of what a session's page shows, as one plain object that nobody changes in place. */

/** @returns {CairnChat.ChatState} */
export function initialState() {
  return {
    position: 0,
    sessionId: null,
    title: "",
    mode: "plan",
    state: "idle",
    branchId: null,
    branches: [],
    messages: {},
    wanted: {},
    runs: {},
    operation: null,
    gates: [],
    pendingGate: null,
    dataSet: "",
    dataModel: null,
    error: null,
    gap: null,
    timeline: [],
    systemLog: [],
  };
}

/** @returns {CairnChat.Message} */
export function freshMessage(id) {
  return {
    id,
    turn: 0,
    role: "assistant",
    branchId: null,
    status: "streaming",
    text: "",
    sequence: 0,
    runId: null,
    by: null,
    at: null,
    workflow: null,
    error: null,
    parts: freshParts(),
  };
}

export function freshParts() {
  return {
    intent: null,
    query: null,
    insight: null,
    summary: null,
    references: [],
    tools: [],
    suggestions: [],
    files: [],
    card: null,
    status: null,
  };
}

/** Change a message; one that the log does not know, or has taken back, stays away. */
export function withMessage(state, id, change) {
  const known = state.messages[id];
  if (!known) return state;
  return { ...state, messages: { ...state.messages, [id]: { ...known, ...change } } };
}

export function withParts(state, id, change) {
  const known = state.messages[id];
  return known ? withMessage(state, id, { parts: { ...known.parts, ...change } }) : state;
}

/** Change every message that `matches`. */
export function withEach(state, matches, change) {
  return Object.values(state.messages)
    .filter(matches)
    .reduce((done, { id }) => withMessage(done, id, change), state);
}

/** Forget messages, and texts that were still to come for them. */
export function without(state, matches) {
  const gone = new Set(Object.values(state.messages).filter(matches).map(({ id }) => id));
  if (gone.size === 0) return state;
  const messages = Object.fromEntries(Object.entries(state.messages).filter(([id]) => !gone.has(id)));
  const isNeeded = ([id, { of }]) => !gone.has(id) && (of.length === 0 || of.some((one) => !gone.has(one)));
  const wanted = Object.fromEntries(Object.entries(state.wanted).filter(isNeeded));
  return { ...state, messages, wanted };
}

/**
 * Note that the log speaks of text that is not here: it has to be pulled. `of` and `part` say
 * to which messages it belongs as what, when it is not a message of its own.
 */
export function withWanted(state, id, { sequence, final, of = [], part = null }) {
  const known = state.wanted[id];
  const want = { sequence: Math.max(sequence, known?.sequence ?? 0), final: final || Boolean(known?.final), of, part };
  return { ...state, wanted: { ...state.wanted, [id]: want } };
}

/** What is still to come for one message is to come for its copy as well. */
export function withSameWanted(state, original, copy) {
  const shared = Object.entries(state.wanted)
    .filter(([, { of }]) => of.includes(original))
    .map(([id, want]) => [id, { ...want, of: [...want.of, copy] }]);
  return shared.length ? { ...state, wanted: { ...state.wanted, ...Object.fromEntries(shared) } } : state;
}

/** Note that a text is here up to a sequence; it is wanted no longer unless there is more. */
export function withArrived(state, id, sequence) {
  const known = state.wanted[id];
  if (!known || sequence < known.sequence) return state;
  const { [id]: _, ...wanted } = state.wanted;
  return { ...state, wanted };
}
