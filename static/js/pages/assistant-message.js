/** An answer: what it rests on, its text as it is written, its figures, and what to ask next. */

import { copyButton } from "./copy.js";
import { glyph, h, setText, show } from "./dom.js";
import { resultTable } from "./result-table.js";
import { insightCard, intentCard, queryCard, referenceCard } from "./parts-view.js";
import { StreamedText } from "./streamed-text.js";
import { summaryView } from "./summary-view.js";
import { callsOf, toolCard } from "./tool-view.js";
import { chartFigure } from "./chart.js";

const ENDS = {
  cancelled: ["stop", "Stopped. What was written so far is kept."],
  failed: ["cross", "This failed."],
  denied: ["cross", "Not done: it was not allowed."],
};

/** Build the element of an answer; returns it with the function that brings it up to date. */
export function assistantMessage(context) {
  const { markdown, actions, user } = context;
  const text = new StreamedText(markdown);
  const places = Object.fromEntries(["evidence", "insight", "asked", "card", "summary", "files", "suggestions"].map((name) => [name, h("div", { class: `place ${name}` })]));
  const end = h("div", { class: "message-end", "data-testid": "message-end", hidden: true });
  let latest = null;
  const again = h("button", { type: "button", class: "mini", "aria-label": "Answer again", title: "Answer again", on: { click: () => actions.askAgain(latest) } }, glyph("retry"));
  const foot = h("div", { class: "message-foot" }, h("div", { class: "message-tools" }, copyButton("Copy the answer", () => latest.text), again));
  const element = h(
    "article",
    { class: "message assistant", "data-testid": "assistant-message" },
    h("h2", { class: "visually-hidden" }, "Cairn answered"),
    places.evidence, places.insight, text.element, places.asked, places.card, places.summary, places.files, end, foot, places.suggestions,
  );
  const drawn = new Map();
  /** Build a place anew when what it shows has changed. */
  const put = (name, signature, build) => {
    if (drawn.get(name) === signature) return;
    drawn.set(name, signature);
    places[name].replaceChildren(...build().filter(Boolean));
  };
  const update = (message, scene) => {
    latest = message;
    const { parts, status } = message;
    const run = scene.runOf(message);
    const complete = status !== "streaming";
    element.dataset.status = status;
    element.setAttribute("aria-busy", String(!complete));
    const { own, requested } = callsOf(message, run);
    putCards(drawn, "evidence", places.evidence, evidence(parts, own, context));
    putCards(drawn, "asked", places.asked, [...requested.map((call) => [`tool:${call.call_id}`, call, toolCard]), ...asked(run.asked)]);
    put("insight", `${Boolean(parts.insight)} ${saysSame(message)}`, () => (parts.insight && !saysSame(message) ? [insightCard(parts.insight, markdown)] : []));
    text.update(message.text, complete);
    show(text.element, message.text !== "");
    put("card", `${Boolean(parts.card)}`, () => (parts.card ? workflowCard(parts.card, context) : []));
    put("summary", `${Boolean(parts.summary)}`, () => (parts.summary ? [summaryView(parts.summary)] : []));
    put("files", `${parts.files.join()} ${complete}`, () => files(complete ? parts.files : [], context));
    drawEnd(end, message, { actions, user });
    const suggested = scene.last === message.id && complete ? parts.suggestions : [];
    put("suggestions", suggested.join("\n"), () => suggestions(suggested, context));
    const isLast = scene.lastOfTurn.has(message.id);
    show(foot, complete && isLast && status !== "waiting" && message.text !== "");
    show(again, user.may_write);
  };
  return { element, update };
}

/** What an answer rests on, in the order in which an engine works: each with how to draw it. */
function evidence(parts, calls, { read }) {
  return [
    parts.intent && ["intent", parts.intent, intentCard],
    ...parts.references.map((one) => [`reference:${one.message_id ?? one.reference}`, one, (reference) => referenceCard(reference, { read })]),
    parts.query && ["query", parts.query, queryCard],
    ...calls.map((call) => [`tool:${call.call_id}`, call, toolCard]),
  ].filter(Boolean);
}

/** Draw cards again when one has changed; one that is open stays open. */
function putCards(drawn, name, place, cards) {
  const signature = cards.map(([key, data]) => key + (/^(tool|gate)/.test(key) ? JSON.stringify(data) : "")).join();
  if (drawn.get(name) === signature) return;
  drawn.set(name, signature);
  const open = new Set([...place.children].filter((one) => one.open).map((one) => one.dataset.key));
  place.replaceChildren(...cards.map(([key, data, build]) => {
    const card = build(data);
    card.dataset.key = key;
    if (open.has(key)) card.open = true;
    return card;
  }));
}

/** Whether the answer has the insight in it, so that it need not be said twice. */
function saysSame({ text, parts }) {
  const said = parts.insight?.text.trim();
  return !said || text.includes(said.slice(0, 200)) || (text.length > 0 && said.includes(text.trim()));
}

function workflowCard({ title, text, table, chart, files: written }, context) {
  return [
    h(
      "section",
      { class: "card result-card", "aria-label": title, "data-testid": "result-card" },
      h("header", {}, glyph("check", "glyph part-icon"), h("h3", {}, title)),
      text ? h("div", { class: "prose" }, context.markdown(text)) : null,
      chartFigure(chart),
      table ? resultTable(table, title) : null,
      ...files(written ?? [], context),
    ),
  ];
}

/** A question back, once it is answered; while it waits, a card of its own asks it. */
function asked(gate) {
  if (gate?.kind !== "question" || gate.state === "pending" || gate.state === "announced") return [];
  return [[`gate:${gate.id}`, gate, askedNote]];
}

function askedNote({ question, decision, state, decidedBy, comment }) {
  const by = decidedBy ? ` by ${decidedBy}` : "";
  const words = { answer: `Answered${by}: ${comment || "yes"}`, reject: `Not answered${comment ? `: ${comment}` : ""}` };
  const answer = words[decision] ?? { withdrawn: "Withdrawn", expired: "Nobody answered in time" }[state] ?? "";
  return h("div", { class: "asked-note", "data-testid": "asked" }, glyph("hand"), h("p", {}, h("strong", {}, question), h("br"), answer));
}

function files(paths, { urls }) {
  if (!paths.length) return [];
  const links = paths.map((path) => h("li", {}, h("a", { href: urls.files + path.split("/").map(encodeURIComponent).join("/"), download: "" }, glyph("download"), path)));
  return [h("ul", { class: "written", "aria-label": "Files that were written" }, ...links)];
}

function suggestions(texts, { actions, user }) {
  if (!texts.length || !user.may_write) return [];
  const buttons = texts.map((text) => h("button", { type: "button", class: "suggestion", on: { click: () => actions.ask(text) } }, text));
  return [h("div", { class: "suggestion-list", role: "group", "aria-label": "Suggested questions", "data-testid": "suggestions" }, ...buttons)];
}

function drawEnd(end, message, { actions, user }) {
  const { status, error, parts } = message;
  const kind = status === "complete" ? (parts.status === "denied" ? "denied" : null) : ENDS[status] ? status : null;
  if (!show(end, kind !== null) || end.dataset.drawn === `${kind} ${error?.message}`) return;
  end.dataset.drawn = `${kind} ${error?.message}`;
  end.dataset.kind = kind;
  const [icon, words] = ENDS[kind];
  const why = kind === "failed" ? `Error: ${error?.message ?? "something went wrong"}` : words;
  const retry = kind !== "denied" && user.may_write ? h("button", { type: "button", class: "button small", on: { click: () => actions.askAgain(message) } }, glyph("retry"), "Try again") : null;
  end.replaceChildren(glyph(icon), h("p", {}), ...(retry ? [retry] : []));
  setText(end.querySelector("p"), why);
}
