/** What an answer rests on: intent, query, insight, files; each as a card to open. */

import { copyButton } from "./copy.js";
import { glyph, h } from "./dom.js";
import { counted } from "./format.js";
import { value } from "./numbers.js";
import { asJson, facts, partCard } from "./part-card.js";
import { linesOf } from "./reference.js";
import { asText, resultTable } from "./result-table.js";

const INTENTS = {
  PARTICULAR: "A question about the data",
  NOT_PARTICULAR: "An overview of the data",
  HELP: "How to use this",
  UNRELATED: "Not about this data",
  EXIT: "Goodbye",
};

export function intentCard(intent) {
  const { intent_type: type, confidence, reasoning, plot } = intent;
  return partCard({
    kind: "intent",
    icon: "compass",
    title: [h("span", { class: "part-words" }, INTENTS[type] ?? "Intent"), " ", h("span", { class: "tag mono" }, type)],
    note: `${Math.round(confidence * 100)} % sure`,
    body: () => [
      h("p", {}, reasoning),
      facts([
        ["Confidence", h("span", { class: "confidence" }, h("meter", { min: 0, max: 1, value: confidence, "aria-label": "Confidence" }), value(confidence))],
        ["Plot hint", plotHint(plot)],
      ]),
      asJson(intent, "Intent as JSON"),
    ],
  });
}

function plotHint(plot) {
  if (!plot || plot.kind === "none") return "none: a table says it better";
  const axes = [plot.x && `${plot.x} across`, plot.y && `${plot.y} up`].filter(Boolean).join(", ");
  return axes ? `${plot.kind} (${axes})` : plot.kind;
}

export function queryCard(query) {
  const { interpretation, sql, values, assumptions, result } = query;
  return partCard({
    kind: "query",
    icon: "code",
    title: interpretation || "The query",
    note: counted(result.row_count, "row"),
    body: () => [
      h("div", { class: "sql-box" }, h("pre", { class: "sql", tabindex: "0" }, h("code", {}, ...coloured(sql))), copyButton("Copy the SQL", () => sql)),
      values?.length ? facts([["Values", values.map((one) => JSON.stringify(one)).join(", ")]]) : null,
      assumptions?.length ? h("div", { class: "assumptions" }, h("h3", {}, "Assumed"), h("ul", {}, ...assumptions.map((text) => h("li", {}, text)))) : null,
      result.columns.length ? h("div", { class: "result" }, resultTable(result), copyButton("Copy the rows", () => asText(result))) : null,
    ],
  });
}

const KEYWORDS = /\b(SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|JOIN|LEFT|INNER|ON|AS|AND|OR|NOT|IN|IS|NULL|COUNT|SUM|AVG|MIN|MAX|DISTINCT|DESC|ASC|CASE|WHEN|THEN|ELSE|END|WITH|OVER|BETWEEN|LIKE|ILIKE|UNION|FILTER|PARTITION BY|CAST|DATE_TRUNC|USING|NULLS LAST|NULLS FIRST)\b|('(?:[^']|'')*')|("(?:[^"]|"")*")/gi;

/** Keywords, texts and names of SQL in their own colours. */
function coloured(sql) {
  const pieces = [];
  let end = 0;
  for (const match of sql.matchAll(KEYWORDS)) {
    const kind = match[1] ? "keyword" : match[2] ? "text" : "name";
    pieces.push(sql.slice(end, match.index), h("span", { class: `sql-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  return [...pieces, sql.slice(end)];
}

/** What the result says. Where the answer says the same, only the facts are worth a card. */
export function insightCard(insight, markdown) {
  return h(
    "aside",
    { class: "insight-card", "aria-label": "Insight", "data-testid": "part-insight" },
    glyph("spark", "glyph part-icon"),
    h("div", { class: "prose" }, markdown(insight.text)),
  );
}

/** A file that was quoted; its text is fetched when somebody opens it. */
export function referenceCard(reference, { read }) {
  return partCard({
    kind: "reference",
    icon: "file",
    title: h("span", { class: "mono" }, reference.path),
    note: linesOf(reference) || "file",
    body: () => {
      const text = h("pre", { class: "quoted", tabindex: "0" }, reference.text ?? "Loading…");
      if (reference.text === undefined) read(reference).then((found) => (text.textContent = found));
      return [text, reference.is_cut ? h("p", { class: "muted" }, "It is longer; this is what went along.") : null];
    },
  });
}
