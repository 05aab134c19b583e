import assert from "node:assert/strict";
import { test } from "node:test";

import { SessionApi } from "../../static/js/chat/index.js";
import { json } from "./support/network.js";

function setUp(answers = []) {
  const calls = [];
  let keys = 0;
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    return answers.shift() ?? json({});
  };
  return { calls, api: new SessionApi({ fetch, uuid: () => `key-${(keys += 1)}`, csrfToken: () => "token" }) };
}

test("each call goes to its route with its body", async () => {
  const { api, calls } = setUp();

  await api.createSession({ title: "t", files: ["f"] });
  await api.listSessions({ q: "ice" });
  await api.getSession("a b");
  await api.getSnapshot("s");
  await api.rename("s", "T");
  await api.setMode("s", "act");
  await api.switchBranch("s", "b");
  await api.listMessages("s", { branch: "b" });
  await api.postMessage("s", { text: "Hi?", branch: "b" });
  await api.editMessage("s", "m", "Ho?");
  await api.retryMessage("s", "m");
  await api.listBranches("s");
  await api.createBranch("s", { from_message: "m", name: "n" });
  await api.mergeBranches("s", { source: "a", target: "b" });
  await api.listWorkflows("s");
  await api.startWorkflow("s", "report", { table: "t" });
  await api.getModel("s");
  await api.listReferences("s");
  await api.getPreferences();
  await api.setPreferences({ stream_mode: "signal" });
  await api.cancelRun("r");
  await api.answerGate("g", { decision: "approve", digest: "d" });
  await api.getContent("m", 2);

  const said = calls.map(({ method, url, body }) => [method, url.replace("/api/v1/", ""), body].filter(Boolean).join(" "));
  assert.deepEqual(said, [
    'POST sessions/ {"title":"t","files":["f"]}',
    "GET sessions/?q=ice",
    "GET sessions/a%20b/",
    "GET sessions/s/snapshot/",
    'PATCH sessions/s/ {"title":"T"}',
    'PATCH sessions/s/ {"mode":"act"}',
    'PATCH sessions/s/ {"branch":"b"}',
    "GET sessions/s/messages/?branch=b",
    'POST sessions/s/messages/ {"text":"Hi?","branch":"b"}',
    'POST sessions/s/messages/m/edit/ {"text":"Ho?"}',
    "POST sessions/s/messages/m/retry/ {}",
    "GET sessions/s/branches/",
    'POST sessions/s/branches/ {"from_message":"m","name":"n"}',
    'POST sessions/s/branches/merge/ {"source":"a","target":"b"}',
    "GET sessions/s/workflows/",
    'POST sessions/s/workflows/ {"workflow":"report","parameters":{"table":"t"}}',
    "GET sessions/s/model/",
    "GET sessions/s/references/",
    "GET preferences/",
    'PATCH preferences/ {"stream_mode":"signal"}',
    "POST runs/r/cancel/ {}",
    'POST gates/g/answer/ {"decision":"approve","digest":"d"}',
    "GET messages/m/content/?from_sequence=2",
  ]);
});

test("a message that is sent again after a lost answer has the same key, so it is posted once", async () => {
  const { api, calls } = setUp([json({}, { status: 503 })]);

  await assert.rejects(api.postMessage("s", { text: "Hi?" }), { status: 503 });
  await api.postMessage("s", { text: "Hi?" });
  await api.postMessage("s", { text: "Hi?" });

  assert.deepEqual(calls.map(({ headers }) => headers["Idempotency-Key"]), ["key-1", "key-1", "key-2"]);
});

test("a change carries CSRF and no key, for saying it twice does the same", async () => {
  const { api, calls } = setUp();

  await api.setMode("s", "act");

  const { headers } = calls[0];
  assert.deepEqual([headers["X-CSRFToken"], headers["Idempotency-Key"]], ["token", undefined]);
});

test("streams and downloads have addresses of their own", () => {
  const { api } = setUp();

  assert.equal(api.eventsAddress("s"), "/api/v1/sessions/s/events/");
  assert.equal(api.modelAddress("s"), "/api/v1/sessions/s/model/?download=yaml");
});
