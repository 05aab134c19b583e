/** How many gates wait for the user: beside "Inbox", and in the title for those in another tab. */

const EVERY_MS = 15_000;

let title = document.title;

let element = null;
let timer = null;
let shown = 0;

/** Ask now and then regularly, while somebody can see the page. */
export function watchWaiting() {
  element = document.getElementById("waiting-count");
  if (!element) return;
  display(Number(element.dataset.count));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) checkWaiting();
  });
  plan();
}

/** Ask at once: a gate was opened or answered. */
export async function checkWaiting() {
  if (!element || navigator.onLine === false) return;
  plan();
  try {
    const response = await fetch(element.dataset.url, { headers: { Accept: "application/json" } });
    if (response.ok) display((await response.json()).count);
  } catch {
    // The next time will tell.
  }
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(() => (document.hidden ? plan() : checkWaiting()), EVERY_MS);
}

/** Give the page another title; how many wait stays before it. */
export function nameThis(name) {
  title = name;
  display(shown);
}

function display(count) {
  shown = count;
  if (!element) return;
  element.hidden = !count;
  element.querySelector("[data-number]").textContent = String(count);
  document.title = count ? `(${count}) ${title}` : title;
}
