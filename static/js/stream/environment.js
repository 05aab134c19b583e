/** Everything a stream needs of the browser, in one object that tests replace piece by piece. */

import { systemClock } from "./clock.js";

const SEAMS = [
  "clock", "random", "fetch", "EventSource", "canStream", "online", "hidden", "onNetwork", "onVisibility", "onPage",
];

/**
 * The browser's own environment, with whatever `options` brings in its place.
 * @param {Partial<CairnStream.Environment>} options
 * @returns {CairnStream.Environment}
 */
export function environmentOf(options = {}) {
  const environment = {
    clock: systemClock,
    random: Math.random,
    fetch: (input, init) => globalThis.fetch(input, init),
    EventSource: globalThis.EventSource,
    canStream: typeof globalThis.ReadableStream === "function" && typeof globalThis.fetch === "function",
    online: () => globalThis.navigator?.onLine !== false,
    hidden: () => globalThis.document?.visibilityState === "hidden",
    onNetwork: listenToNetwork,
    onVisibility: (fn) => listen(globalThis.document, "visibilitychange", fn),
    onPage: listenToPage,
  };
  for (const name of SEAMS) {
    if (name in options && options[name] !== undefined) environment[name] = options[name];
  }
  return environment;
}

function listen(target, name, fn) {
  if (typeof target?.addEventListener !== "function") return () => {};
  target.addEventListener(name, fn);
  return () => target.removeEventListener(name, fn);
}

function listenToNetwork(fn) {
  const offs = [
    listen(globalThis, "online", () => fn(true)),
    listen(globalThis, "offline", () => fn(false)),
  ];
  return () => offs.forEach((off) => off());
}

/** A page in the back/forward cache keeps its memory but must not keep a connection. */
function listenToPage(fn) {
  const offs = [
    listen(globalThis, "pagehide", () => fn(false)),
    listen(globalThis, "pageshow", (event) => {
      if (event.persisted) fn(true);
    }),
  ];
  return () => offs.forEach((off) => off());
}
