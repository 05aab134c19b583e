/** What a piece of work found and did: findings, figures, lists, lessons, and the agents' lines. */

import { glyph, h } from "./dom.js";
import { counted } from "./format.js";
import { texts } from "./gate-content.js";

export function findings(all, context) {
  if (!all.length) return null;
  const frameworks = Map.groupBy ? Map.groupBy(all, (one) => one.framework) : group(all);
  const groups = [...frameworks].map(([name, some]) =>
    h(
      "section",
      { class: "findings" },
      h("h4", {}, name),
      h("ul", {}, ...some.map((one) => h("li", {}, h("span", { class: "cell" }, one.cell), " ", one.text, " ", ...citations(one.citations, context)))),
    ),
  );
  return h("section", {}, h("h3", {}, "Findings"), ...groups);
}

function group(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.framework, [...(groups.get(one.framework) ?? []), one]);
  return groups;
}

function citations(all, context) {
  return all.flatMap((one) => [citation(one, context), " "]);
}

function citation({ document: name, sentence, quote }, { urls, documents }) {
  const text = `${name}#${sentence}`;
  if (!documents.some(({ id }) => id === name)) return h("span", { class: "cite", title: quote }, text);
  return h("a", { class: "cite", href: `${urls.sources}${encodeURIComponent(name)}/#s${sentence}`, title: quote }, text);
}

export function dataPoints(all, context) {
  if (!all.length) return null;
  const rows = all.map((one) =>
    h("tr", {}, h("td", {}, one.label), h("td", { class: "number" }, one.text), h("td", {}, citation(one.citation, context))),
  );
  const head = h("tr", {}, h("th", {}, "What it measures"), h("th", { class: "number" }, "Figure"), h("th", {}, "Source"));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return h("section", {}, h("h3", {}, "Data points"), h("div", { class: "table-scroll", tabindex: "0" }, table));
}

export function list(title, all, markdown) {
  return all.length ? h("section", {}, h("h3", {}, title), texts(all, markdown)) : null;
}

export function lesson({ title, description, details, insight, promptPreview }) {
  return h(
    "aside",
    { class: "learn", "aria-label": `About ${title}` },
    h("h3", {}, title),
    h("p", {}, description),
    details.length ? h("ul", {}, ...details.map((text) => h("li", {}, text))) : null,
    insight ? h("p", { class: "insight" }, insight) : null,
    promptPreview ? h("p", {}, h("strong", {}, "Asks a model: "), h("q", {}, promptPreview)) : null,
  );
}

export function activity(progress, open) {
  if (!progress.length) return null;
  const lines = progress.map(({ agent, message }) => h("li", {}, h("span", { class: "agent" }, agent), " ", message));
  return h(
    "details",
    { class: "activity", open },
    h("summary", {}, glyph("chevron", "glyph chevron"), `What the agents did (${counted(progress.length, "step")})`),
    h("ol", {}, ...lines),
  );
}
