/** The page of a strategy: follows its stream, teaches on the way, and shows what came of it. */

import { StrategyApi, WORDS } from "../strategy/index.js";
import { openStream } from "../stream/index.js";
import { announce } from "./announcer.js";
import { connectionView } from "./connection-view.js";
import { pageData } from "./dom.js";
import { connectHistory } from "./history.js";
import { markdownRenderer } from "./markdown.js";
import { RunActions } from "./run-actions.js";
import { debug } from "./settings.js";
import { stalledDialog } from "./stalled-dialog.js";
import { strategyHead } from "./strategy-head.js";
import { documentView, outcomeView } from "./strategy-outcome.js";
import { strategyOverlay } from "./strategy-overlay.js";
import { stepsView } from "./strategy-steps.js";
import { StrategyStore } from "./strategy-store.js";
import { usageView } from "./usage-view.js";
import "./shell.js";

const { strategy, guides, user, urls } = pageData("strategy-config");
const api = new StrategyApi();
const store = new StrategyStore(strategy, api, guides);
const markdown = markdownRenderer({ sources: urls.sources, documents: strategy.documents.map(({ id }) => id) });

// From the beginning: the page is made of the log, so a reload shows what watching showed.
const stream = openStream({ url: strategy.stream_url, after: 0, scope: user.name, debug: (...words) => debug("stream", ...words) });

const actions = new RunActions({ api, store, what: "strategy", atRisk });
const words = { what: "strategy", lost: WORDS.connectionLost() };
const context = { store, stream, strategy, user, urls, documents: strategy.documents, markdown, actions, words, retry: () => stream.retryNow() };

for (const view of [strategyHead, connectionView, documentView, outcomeView, stepsView, strategyOverlay, stalledDialog]) {
  store.subscribe(view(context));
}
store.subscribe(announce);
connectHistory();

const used = usageView(() => api.getStrategy(strategy.id));
stream.on("event", (event) => {
  used(event);
  debug(event.type, event);
  store.take(event);
});
stream.on("opened", (data) => store.opened(data));
stream.on("state", (change) => store.connected(change));
stream.connect().catch(() => {
  // The state says why; the banner shows it.
});

function atRisk({ steps }) {
  const running = steps.find((one) => one.state === "running");
  return running ? `What step ${running.number} has done so far is lost. What the steps before it found stays here.` : "";
}
