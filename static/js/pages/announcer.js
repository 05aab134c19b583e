/** One polite announcement for each new line of the timeline, not faster than can be heard. */

const EVERY_MS = 1200;

let known = null;
let timer = null;
let next = "";

/** Listen to the store; what was there when the page opened is not news. */
export function announce({ state, isLive }) {
  const last = state.timeline.at(-1);
  if (!isLive || !last) return;
  if (known === null) known = last.key;
  if (last.key === known) return;
  known = last.key;
  next = last.text;
  timer ??= setTimeout(speak, 50);
}

function speak() {
  document.getElementById("announcer").textContent = next;
  const said = next;
  timer = setTimeout(() => {
    timer = null;
    if (next !== said) timer = setTimeout(speak, 0);
  }, EVERY_MS);
}
