/**
 * The four fields of `useSSE(url, options)` as a store without a framework.
 *
 * It has `subscribe` and `getSnapshot`, so React takes it as it is:
 *   const store = useMemo(() => createStreamStore(url), [url]);
 *   const { data, error, isConnected, reconnect } = useSyncExternalStore(store.subscribe, store.getSnapshot);
 * and Vue with a shallow ref:
 *   const view = shallowRef(store.getSnapshot());
 *   onUnmounted(store.subscribe(() => { view.value = store.getSnapshot(); }));
 */

import { openStream } from "./open.js";

const FAULTS = new Set(["reconnecting", "offline"]);

/** Connects with the first subscriber and disconnects with the last. */
export function createStreamStore(url, options = {}) {
  let stream = null;
  let snapshot = { data: null, error: null, isConnected: false, reconnect: () => stream?.reconnect() ?? Promise.resolve() };
  const listeners = new Set();
  const update = (change) => {
    snapshot = { ...snapshot, ...change };
    for (const listener of [...listeners]) listener();
  };
  const start = () => {
    stream = openStream({ ...options, url });
    stream.on("event", (event) => update({ data: event }));
    stream.on("bad_frame", ({ error }) => update({ error }));
    stream.on("state", (change) => update({ isConnected: stream.isConnected, error: errorOf(change, snapshot.error) }));
    stream.connect();
  };
  const stop = () => {
    options = { ...options, after: stream.cursor };
    stream.removeAll();
    stream.disconnect();
    stream = null;
    snapshot = { ...snapshot, isConnected: false };
  };
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
  };
}

function errorOf({ state, details }, previous) {
  if (FAULTS.has(state)) return Object.assign(new Error(details.message ?? details.reason ?? state), details);
  if (state === "closed" && details.reason !== "finished") {
    return Object.assign(new Error(details.message ?? details.reason), details);
  }
  return state === "connecting" ? previous : null;
}
