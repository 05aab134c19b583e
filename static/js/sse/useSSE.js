/**
 * `useSSE(url, options)`: the four fields of the hook, as a store without a framework.
 *
 * It connects with its first subscriber and disconnects with its last. `data` is the newest
 * message; `error` is what is wrong with the connection, or null.
 */

import { createStreamStore } from "../stream/index.js";
import { toMessage } from "./SSEUtils.js";

/** @param {string} url @param {Partial<CairnStream.SharedStreamOptions> & { shared?: boolean }} [options] */
export function useSSE(url, options = {}) {
  const store = createStreamStore(url, options);
  let known = null;
  let snapshot = null;
  const getSnapshot = () => {
    const now = store.getSnapshot();
    if (now !== known) {
      known = now;
      snapshot = { ...now, data: now.data && toMessage(now.data) };
    }
    return snapshot;
  };
  return {
    get data() {
      return getSnapshot().data;
    },
    get error() {
      return getSnapshot().error;
    },
    get isConnected() {
      return getSnapshot().isConnected;
    },
    reconnect: () => getSnapshot().reconnect(),
    /** Call `listener()` whenever one of the fields has changed; returns the function that ends that. */
    subscribe: (listener) => store.subscribe(listener),
    /** The four fields as one object that stays the same until one of them changes. */
    getSnapshot,
  };
}
