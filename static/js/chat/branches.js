/** Which messages a conversation consists of, and what else was said at the same place. */

/**
 * The branches that a conversation runs through, with the last turn that counts of each; of the
 * branch itself all turns do.
 * @returns {Map<string, number>}
 */
function pathOf(state, branchId) {
  const path = new Map([[branchId, Infinity]]);
  let last = Infinity;
  for (let branch = branchWith(state, branchId); branch?.parent && !path.has(branch.parent); branch = branchWith(state, branch.parent)) {
    last = Math.min(last, branch.forkTurn);
    path.set(branch.parent, last);
  }
  return path;
}

function branchWith(state, id) {
  return state.branches.find((branch) => branch.id === id) ?? null;
}

/** All messages in the order of the conversation; those of a turn as they came. */
export function messagesInOrder(state) {
  return Object.values(state.messages).sort((a, b) => a.turn - b.turn);
}

/**
 * The messages of a branch with those before it parted from its parents.
 * @param {CairnChat.ChatState} state
 * @param {string | null} [branchId] the branch that is shown, unless another is named
 * @returns {CairnChat.Message[]}
 */
export function visibleMessages(state, branchId = state.branchId) {
  const path = pathOf(state, branchId);
  return messagesInOrder(state).filter(({ branchId: of, turn }) => turn <= (path.get(of) ?? -1));
}

/**
 * What was said instead of a message: the user's messages that follow the same one, on whichever
 * branch. For a reply those of the message it answers.
 * @returns {{ index: number, count: number, messages: CairnChat.Message[] }} `index` from 0; show the
 *   branch of a message to switch to it
 */
export function siblings(state, message) {
  const places = placesOf(state);
  const asked = places.asked.get(message.turn) ?? message;
  const same = places.at.get(places.of.get(asked.id)) ?? [asked];
  return { index: same.findIndex(({ id }) => id === asked.id), count: same.length, messages: same };
}

/** Worked out once for all messages of a state: pages ask for each of them. */
const known = new WeakMap();

function placesOf(state) {
  const cached = known.get(state.messages);
  if (cached?.branches === state.branches) return cached;
  const places = { branches: state.branches, asked: new Map(), of: new Map(), at: new Map() };
  const seen = new Map();
  for (const message of messagesInOrder(state)) {
    if (message.role !== "user") continue;
    const { branchId } = message;
    if (!seen.has(branchId)) seen.set(branchId, visibleMessages(state, branchId));
    const place = placeAfter(seen.get(branchId), message.turn);
    places.asked.set(message.turn, message);
    places.of.set(message.id, place);
    places.at.set(place, [...(places.at.get(place) ?? []), message]);
  }
  known.set(state.messages, places);
  return places;
}

/** The turn before, as its branch has it: where two messages share it, a conversation parted. */
function placeAfter(visible, turn) {
  const before = visible.findLast((one) => one.turn < turn);
  return before ? `${before.branchId}:${before.turn}` : "";
}
