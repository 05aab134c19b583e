/** Elements of drawings. Text only ever goes in as text. */

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element with attributes and children; strings become text. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text at a place; what is longer than `most` characters is cut, and whole in its tooltip. */
export function label(text, x, y, { anchor = "start", most = Infinity, kind = "chart-text" } = {}) {
  const whole = String(text);
  const cut = whole.length > most ? `${whole.slice(0, Math.max(1, most - 1))}…` : whole;
  const tooltip = cut === whole ? null : s("title", {}, whole);
  return s("text", { x, y, "text-anchor": anchor, class: kind }, tooltip, cut);
}

/** Redraw `holder` whenever its width changes: text keeps its size on every screen. */
export function drawn(holder, draw) {
  let width = 0;
  const observer = new ResizeObserver(([{ contentRect }]) => {
    const now = Math.floor(contentRect.width);
    if (now === width || now < 40) return;
    width = now;
    holder.replaceChildren(draw(width));
  });
  observer.observe(holder);
  return holder;
}
