/** The tabs of one browser: a lock that one of them holds, and a channel that all hear. */

/**
 * The browser's Web Locks and BroadcastChannel, or null where either is missing.
 * @param {{ locks?: any, BroadcastChannel?: any }} options
 */
export function tabsOf(options) {
  const locks = "locks" in options ? options.locks : globalThis.navigator?.locks;
  const Channel = "BroadcastChannel" in options ? options.BroadcastChannel : globalThis.BroadcastChannel;
  return locks && Channel ? { locks, Channel } : null;
}

/**
 * Join the tabs under a name. `lead` is called when this tab holds the lock, `follow` when the lock
 * was taken from it; after `leave()` nothing is called any more.
 * @param {{ locks: any, Channel: any }} tabs
 * @param {string} name
 * @param {{ message: (m: object) => void, lead: () => void, follow: () => void }} hooks
 */
export function joinTabs({ locks, Channel }, name, hooks) {
  const channel = new Channel(name);
  const membership = { left: false, resign: () => {}, waiting: new AbortController() };
  channel.onmessage = (event) => {
    if (!membership.left) hooks.message(event.data);
  };
  queueForLock(locks, name, membership, hooks, {});
  return {
    post: (message) => channel.postMessage(message),
    steal: () => {
      membership.waiting.abort();
      queueForLock(locks, name, membership, hooks, { steal: true });
    },
    leave: () => {
      membership.left = true;
      membership.waiting.abort();
      membership.resign();
      channel.close();
    },
  };
}

function queueForLock(locks, name, membership, hooks, how) {
  let held = false;
  const hold = () =>
    new Promise((resolve) => {
      if (membership.left) {
        resolve();
        return;
      }
      held = true;
      membership.resign = resolve;
      hooks.lead();
    });
  membership.waiting = new AbortController();
  // A request that steals takes no signal: it never waits.
  const options = how.steal ? how : { signal: membership.waiting.signal };
  locks.request(name, options, hold).catch((error) => {
    if (membership.left) return;
    if (held) {
      hooks.follow();
      queueForLock(locks, name, membership, hooks, {});
    } else if (error?.name !== "AbortError") {
      // Locks are refused here (an opaque origin): each tab leads itself.
      hooks.lead();
    }
  });
}
