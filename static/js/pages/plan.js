/** The plan page: follows the run's stream and lets people decide, pause and cancel. */

import { PlanApi, WORDS } from "../plan/index.js";
import { openStream } from "../stream/index.js";
import { announce } from "./announcer.js";
import { BranchDialog } from "./branch-dialog.js";
import { connectionView } from "./connection-view.js";
import { pageData } from "./dom.js";
import { GateController } from "./gate-controller.js";
import { planGates } from "./plan-gates.js";
import { headView } from "./head-view.js";
import { connectHistory } from "./history.js";
import { markdownRenderer } from "./markdown.js";
import { outcomeView } from "./outcome-view.js";
import { planOverlay } from "./plan-overlay.js";
import { PlanActions } from "./plan-actions.js";
import { PlanStore } from "./plan-store.js";
import { textsView } from "./texts-view.js";
import { debug, setting } from "./settings.js";
import { timelineView } from "./timeline-view.js";
import { checkWaiting } from "./waiting.js";
import { usageView } from "./usage-view.js";
import "./shell.js";

const config = pageData("plan-config");
const { plan, user, urls } = config;
const api = new PlanApi();
const store = new PlanStore(plan, api);
const markdown = markdownRenderer({ sources: urls.sources, documents: plan.documents.map(({ id }) => id) });

// From the beginning: the page is made of the log, so a reload shows what watching showed.
const stream = openStream({ url: plan.stream_url, after: 0, scope: user.name, debug: (...words) => debug("stream", ...words) });

const actions = new PlanActions({ api, store });
const branch = new BranchDialog({ plan });
const gates = new GateController({ api, user, urls, store, ...planGates(markdown) });
const context = { store, plan, user, urls, documents: plan.documents, markdown, actions, gates, branch, retry: () => stream.retryNow(), setting, words: { what: "plan", lost: WORDS.connectionLost() } };

// The gates first: what the views show depends on whether a question waits.
gates.start();
for (const view of [headView, connectionView, textsView, outcomeView, timelineView, planOverlay]) {
  store.subscribe(view(context));
}
store.subscribe(announce);
connectHistory();

const used = usageView(() => api.getPlan(plan.id));
stream.on("event", (event) => {
  used(event);
  debug(event.type, event);
  if (event.type === "checkpoint_reached" || event.type === "gate_opened") gates.expect(event);
  store.take(event);
  if (event.type.startsWith("gate_") && store.isLive) checkWaiting();
});
stream.on("opened", (data) => store.opened(data));
stream.on("state", (change) => store.connected(change));
stream.connect().catch(() => {
  // The state says why; the banner shows it.
});
