/** Keeps the newest in sight for a reader who is at the end; offers the way there to others. */

const NEAR = 80;

/** @param {HTMLElement} scroller @param {HTMLElement} content @param {HTMLElement} jump */
export function follower(scroller, content, jump) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  let atEnd = true;
  let last = 0;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    atEnd = true;
    jump.hidden = true;
  };
  // Only a reader scrolls up: what grows below takes nobody away from the end.
  scroller.addEventListener("scroll", () => {
    const near = distance() < NEAR;
    if (near || scroller.scrollTop < last - 1) atEnd = near;
    last = scroller.scrollTop;
    if (near) jump.hidden = true;
  }, { passive: true });
  jump.addEventListener("click", toEnd);
  let settled = false;
  const grown = () => {
    if (atEnd && (!calm.matches || !settled)) toEnd();
    else jump.hidden = distance() < NEAR;
  };
  new ResizeObserver(grown).observe(content);
  new ResizeObserver(grown).observe(scroller);
  toEnd();
  setTimeout(() => (settled = true), 1000);
  return { toEnd };
}
