/** The chat page: follows the session's log, and lets people ask, decide, stop and branch. */

import { SessionApi } from "../chat/index.js";
import { openStream } from "../stream/index.js";
import { announce } from "./announcer.js";
import { branchesView } from "./branches-dialog.js";
import { ChatActions } from "./chat-actions.js";
import { chatGates } from "./chat-gates.js";
import { chatHead } from "./chat-head.js";
import { closeOverConversation, connectChatSearch } from "./chat-history.js";
import { chatOverlay } from "./chat-overlay.js";
import { ChatStore } from "./chat-store.js";
import { Composer } from "./composer.js";
import { connectionView } from "./connection-view.js";
import { conversationView } from "./conversation-view.js";
import { pageData } from "./dom.js";
import { follower } from "./follow.js";
import { GateController } from "./gate-controller.js";
import { connectHistory } from "./history.js";
import { systemLogView, timelineView } from "./log-views.js";
import { markdownRenderer } from "./markdown.js";
import { modeView } from "./mode-view.js";
import { modelView } from "./model-view.js";
import { connectPanels } from "./panel.js";
import { debug } from "./settings.js";
import "./shell.js";
import { streamOptions } from "./stream-options.js";
import { usageView } from "./usage-view.js";
import { checkWaiting } from "./waiting.js";
import { welcomeView } from "./welcome-view.js";
import { WorkflowDialog } from "./workflow-dialog.js";

const { session, user, urls, limits, stream_mode: mode } = pageData("chat-config");
const api = new SessionApi();
const store = new ChatStore(session, api, user.name);
const markdown = markdownRenderer();
const actions = new ChatActions({ api, store, session });
const follow = follower(document.getElementById("scroll"), document.querySelector(".chat-column"), document.getElementById("jump"));
const gates = new GateController({ api, user, urls, store, ...chatGates(() => follow.toEnd()) });
const panels = connectPanels();
const stream = openStream({
  url: session.stream_url,
  after: store.after,
  endless: true,
  scope: user.name,
  debug: (...words) => debug("stream", ...words),
  ...streamOptions(location.search, mode),
});
/** What the menus and forms offer; asked for when somebody looks. */
const offers = {
  workflows: () => api.listWorkflows(session.id).then(({ workflows }) => workflows, () => []),
  files: () => api.listReferences(session.id).then(({ references }) => references, () => []),
};
const read = (reference) => readReference(reference);
const words = { what: "chat", lost: "The connection is lost." };
const context = { store, api, session, user, urls, markdown, actions, gates, panels, read, words, retry: () => stream.retryNow() };

const workflow = new WorkflowDialog({ api, session, offers, started: () => follow.toEnd() });
actions.connect({ workflow: (name) => workflow.open(name), sent: () => follow.toEnd() });

// The gates first: what the views show depends on whether a question waits.
gates.start();
for (const view of [chatHead, connectionView, welcomeView, conversationView, chatOverlay, modeView, branchesView, modelView, timelineView, systemLogView]) {
  store.subscribe(view(context));
}
if (user.may_write) {
  const composer = new Composer({ api, actions, session, limits, offers, openWorkflow: (name) => workflow.open(name) });
  store.subscribe((one) => composer.draw(one));
  if (matchMedia("(hover: hover)").matches) composer.focus();
}
store.subscribe(announce);
connectHistory();
connectChatSearch(context);
closeOverConversation();

const used = usageView(() => api.getSession(session.id));
stream.on("event", (event) => {
  used(event);
  // The page that the server makes has the button to try it again.
  if (event.type === "run_failed" && store.isLive && event.run_id === session.run_id && !session.data_set.is_ready) location.reload();
  debug(event.type, event);
  if (event.type === "gate_opened") gates.expect(event);
  store.take(event);
  if (event.type.startsWith("gate_") && store.isLive) checkWaiting();
});
stream.on("opened", (data) => store.opened(data));
stream.on("state", (change) => store.connected(change));
stream.connect().catch(() => {
  // The state says why; the banner shows it.
});

/** The text of a file that was quoted, once somebody wants to read it. */
async function readReference({ message_id: id }) {
  try {
    const { content } = await api.getContent(id);
    return JSON.parse(content).text;
  } catch {
    return "It could not be loaded. Open this again to try once more.";
  }
}
