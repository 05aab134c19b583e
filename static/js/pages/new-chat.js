/** The form for a new chat: files of one's own, or demonstration data. */

import { SessionApi } from "../chat/index.js";
import "./shell.js";
import { startForm } from "./start-form.js";

const api = new SessionApi();
const form = document.getElementById("new-chat-form");
const uploads = form.querySelector("[data-uploads]");
const demos = form.querySelector(".demos")?.closest("fieldset");

startForm(form, {
  api,
  failed: "The chat was not started.",
  start: async (data, files) => `/chats/${(await api.createSession(wish(data, files))).id}/`,
});

// Files of one's own and demonstration data exclude each other: what counts can be seen.
new MutationObserver(() => {
  if (demos) demos.disabled = uploads.childElementCount > 0;
}).observe(uploads, { childList: true });

function wish(data, files) {
  if (uploads.childElementCount > 0 && files.length === 0) {
    const message = "None of your files was taken. Choose others, or remove them to use demonstration data.";
    throw Object.assign(new Error(message), { status: 422 });
  }
  return { title: data.get("title").trim(), engine: data.get("engine") ?? "", ...(files.length ? { files } : { demo: data.get("demo") ?? "" }) };
}
