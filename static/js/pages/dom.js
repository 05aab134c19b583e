/** Small tools to make and change elements. Text only ever goes in as text. */

import { ICONS } from "../plan/index.js";

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `data` and `on` are objects; other properties become attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A drawing from the page's own set. */
export function glyph(name, className = "glyph") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** An indicator beside words that say the same: an emoji, or a drawing when emoji are off. */
export function icon(name) {
  return h("span", { class: "icon", "aria-hidden": "true" }, h("span", { class: "emoji" }, ICONS[name] ?? ""), glyph(name));
}

/** Set an element's text if it differs: unchanged text nodes cost no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show or hide; returns whether it is shown. */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
  return shown;
}

/** The element in `root` for a named slot of its template. */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** The data that the server put into the page. */
export function pageData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/**
 * Make a list's children follow `items`: one element for each key, kept while its key stays.
 * @param {Element} container
 * @param {any[]} items
 * @param {{ key: (item: any) => string, create: (item: any) => Element, update?: (element: any, item: any) => void }} how
 */
export function keyed(container, items, { key, create, update = () => {} }) {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let place = container.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let element = known.get(name);
    if (element) known.delete(name);
    else element = Object.assign(create(item), {});
    element.dataset.key = name;
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else container.insertBefore(element, place);
  }
  for (const stale of known.values()) stale.remove();
}
