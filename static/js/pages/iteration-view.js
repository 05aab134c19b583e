/** One iteration: a line that opens to its findings, figures, gaps and what the agents did. */

import { glyph, h, setText } from "./dom.js";
import { counted, duration } from "./format.js";
import { texts } from "./gate-content.js";

const WORD = {
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  rejected: "Stopped",
  expired: "Stopped",
};

/** Build the line in `body`; returns the function that brings it up to date. */
export function iterationLine(body, line, number, time, context) {
  const state = h("span", { class: "line-state" });
  const took = h("span", { class: "duration", "data-testid": `duration-${number}` });
  const found = h("span", { class: "line-found" });
  const content = h("div", { class: "iteration-body" });
  const summary = h(
    "summary",
    {},
    glyph("chevron", "glyph chevron"),
    h("span", { class: "line-text" }, line.text),
    h("span", { class: "line-end" }, found, state, took, time),
  );
  const details = h("details", { class: "iteration", "data-testid": `iteration-${number}` }, summary, content);
  body.append(details);
  let latest = null;
  let drawn = "";
  const draw = () => {
    if (!details.open || !latest) return;
    const [one, rows] = latest;
    const signature = [one.state, one.progress.length, one.cards.length, rows?.state, rows?.findings.length].join();
    if (signature === drawn) return;
    drawn = signature;
    content.replaceChildren(...sections(one, rows, context));
  };
  details.addEventListener("toggle", draw);
  return (store) => {
    const one = store.state.iterations.find((each) => each.number === number);
    if (!one) return;
    const rows = store.details.iterations.find((each) => each.number === number && each.state === "completed");
    latest = [one, rows];
    details.dataset.state = one.state;
    setText(state, WORD[one.state] ?? one.state);
    setText(took, duration(one.durationMs));
    setText(found, one.state === "completed" ? counted(one.dataPoints, "data point") : "");
    draw();
  };
}

function sections(one, rows, context) {
  const parts = [];
  if (rows?.focus) parts.push(h("p", { class: "focus" }, rows.focus));
  for (const followed of rows?.followed ?? []) parts.push(h("p", { class: "followed" }, followed));
  if (rows) parts.push(findings(rows.findings, context), dataPoints(rows.data_points, context), list("Insights", rows.insights, context.markdown));
  if (rows) parts.push(list("Gaps", rows.gaps.map((gap) => `${gap.task} (${gap.framework}: ${gap.cell})`)));
  parts.push(...one.cards.map(card), activity(one, !rows));
  return parts.filter(Boolean);
}

function findings(all, context) {
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

function citation({ document: name, sentence, quote }, { urls, plan }) {
  const text = `${name}#${sentence}`;
  if (!plan.documents.some(({ id }) => id === name)) return h("span", { class: "cite", title: quote }, text);
  return h("a", { class: "cite", href: `${urls.sources}${encodeURIComponent(name)}/#s${sentence}`, title: quote }, text);
}

function dataPoints(all, context) {
  if (!all.length) return null;
  const rows = all.map((one) =>
    h("tr", {}, h("td", {}, one.label), h("td", { class: "number" }, one.text), h("td", {}, citation(one.citation, context))),
  );
  const head = h("tr", {}, h("th", {}, "What it measures"), h("th", { class: "number" }, "Figure"), h("th", {}, "Source"));
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return h("section", {}, h("h3", {}, "Data points"), h("div", { class: "table-scroll", tabindex: "0" }, table));
}

function list(title, all, markdown) {
  return all.length ? h("section", {}, h("h3", {}, title), texts(all, markdown)) : null;
}

function card({ title, description, details, insight }) {
  return h(
    "aside",
    { class: "learn", "aria-label": `About ${title}` },
    h("h3", {}, title),
    h("p", {}, description),
    details.length ? h("ul", {}, ...details.map((text) => h("li", {}, text))) : null,
    insight ? h("p", { class: "insight" }, insight) : null,
  );
}

function activity(one, open) {
  if (!one.progress.length) return null;
  const lines = one.progress.map(({ agent, message }) => h("li", {}, h("span", { class: "agent" }, agent), " ", message));
  return h(
    "details",
    { class: "activity", open },
    h("summary", {}, glyph("chevron", "glyph chevron"), `What the agents did (${counted(one.progress.length, "step")})`),
    h("ol", {}, ...lines),
  );
}
