/**
 * Markdown as safe elements, the same as the server makes of it (runs/rendering.py).
 *
 * Text comes from models and people: HTML in it is shown as text, and what marked makes passes
 * DOMPurify with an allow-list.
 */

import { Marked } from "../../vendor/marked.js";
import DOMPurify from "../../vendor/purify.js";

const TOP_LEVEL = 3;
const CITATION = /^\[([A-Za-z0-9_-]{1,120})#([0-9]{1,6})\]/;
const MEMORY_LINK = /^\[\[([^[\]|\n]{1,120})(?:\|([^[\]\n]{0,200}))?\]\]/;

const ALLOWED = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "title", "class", "src", "alt", "start", "tabindex", "rel"],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  // An image from elsewhere would tell its server who reads.
  if (node.nodeName === "IMG" && !/^\/(?![/\\])/.test(node.getAttribute("src") ?? "")) node.removeAttribute("src");
  if (node.nodeName !== "A") return;
  const href = node.getAttribute("href") ?? "";
  if (!/^(https?:|mailto:|\/(?![/\\])|#)/i.test(href)) node.removeAttribute("href");
  else if (/^https?:/i.test(href)) node.setAttribute("rel", "noopener noreferrer nofollow");
});

/**
 * A function that renders Markdown with a plan's citations.
 * @param {{ sources?: string, documents?: string[], memory?: string }} [options]
 */
export function markdownRenderer({ sources = "", documents = [], memory = "/memory/" } = {}) {
  const known = new Set(documents);
  let highest = 1;
  const marked = new Marked({ async: false, gfm: true });
  marked.use({
    extensions: [memoryLink(memory), citation(sources, known)],
    renderer: {
      html: ({ text }) => escape(text),
      heading({ tokens, depth }) {
        const level = Math.min(6, depth - highest + TOP_LEVEL);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      table(token) {
        return `<div class="table-scroll" tabindex="0">${table(this.parser, token)}</div>`;
      },
    },
  });
  return (text) => {
    const tokens = marked.lexer(text ?? "");
    highest = Math.min(6, ...tokens.filter(({ type }) => type === "heading").map(({ depth }) => depth));
    return purify.sanitize(marked.parser(tokens), ALLOWED);
  };
}

function citation(sources, known) {
  return inline("citation", CITATION, (match) => known.has(match[1]), ({ parts: [, name, number] }) =>
    link(`${sources}${encodeURIComponent(name)}/#s${number}`, `${name}#${number}`, "cite"),
  );
}

function memoryLink(memory) {
  return inline("memoryLink", MEMORY_LINK, (match) => slugify(match[1]) !== "", ({ parts: [, name, label] }) =>
    link(`${memory}${slugify(name)}/`, label || name, "memory-link"),
  );
}

function inline(name, pattern, accepts, renderer) {
  return {
    name,
    level: "inline",
    start: (source) => source.indexOf("["),
    tokenizer(source) {
      const match = pattern.exec(source);
      return match && accepts(match) ? { type: name, raw: match[0], parts: [...match] } : undefined;
    },
    renderer,
  };
}

function table(parser, { header, rows }) {
  const cell = (tag) => (one) =>
    `<${tag}${one.align === "right" ? ' class="number"' : ""}>${parser.parseInline(one.tokens)}</${tag}>`;
  const row = (cells, tag) => `<tr>${cells.map(cell(tag)).join("")}</tr>`;
  return `<table><thead>${row(header, "th")}</thead><tbody>${rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
}

function link(href, text, kind) {
  return `<a href="${escape(href)}" class="${kind}">${escape(text)}</a>`;
}

function escape(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** As Django makes slugs, for the letters that they keep. */
function slugify(text) {
  const plain = text.normalize("NFKD").replace(/[^\x20-\x7e]/g, "").toLowerCase();
  return plain.replace(/[^\w\s-]/g, "").trim().replace(/[-\s]+/g, "-").replace(/^[-_]+|[-_]+$/g, "");
}
