import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, PlanApi } from "../../static/js/plan/index.js";
import { json } from "./support/network.js";

function setUp(answers) {
  const calls = [];
  let keys = 0;
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? json({});
  };
  const api = new PlanApi({ fetch, uuid: () => `key-${(keys += 1)}`, csrfToken: () => "token" });
  return { api, calls };
}

test("a POST carries CSRF, idempotency key and JSON", async () => {
  const { api, calls } = setUp([json({ id: "p1" }, { status: 201 })]);

  const plan = await api.createPlan({ goal: "g", max_iterations: 4 });

  assert.deepEqual(plan, { id: "p1" });
  const [{ url, method, headers, body, credentials }] = calls;
  assert.deepEqual([url, method, body, credentials], ["/api/v1/plans/", "POST", '{"goal":"g","max_iterations":4}', "same-origin"]);
  assert.deepEqual([headers["X-CSRFToken"], headers["Idempotency-Key"]], ["token", "key-1"]);
});

test("trying the same action again keeps its key until the outcome is known", async () => {
  const { api, calls } = setUp([new TypeError("lost"), json({}, { status: 503 }), json({}), json({})]);

  await assert.rejects(api.pause("p"), { name: "ApiError", status: 0, code: "network" });
  await assert.rejects(api.pause("p"), { status: 503 });
  await api.pause("p");
  await api.pause("p");

  assert.deepEqual(calls.map(({ headers }) => headers["Idempotency-Key"]), ["key-1", "key-1", "key-1", "key-2"]);
});

test("a different action has a different key, and a refusal ends an action", async () => {
  const { api, calls } = setUp([new TypeError("lost"), json({}, { status: 400 }), json({})]);

  await assert.rejects(api.createPlan({ goal: "a" }));
  await assert.rejects(api.createPlan({ goal: "b" }));
  await api.createPlan({ goal: "b" });

  assert.deepEqual(calls.map(({ headers }) => headers["Idempotency-Key"]), ["key-1", "key-2", "key-3"]);
});

test("an error has status, code, message, fields and the whole body", async () => {
  const body = { error: { code: "already_decided", message: "Bo decided.", decided_by: "bo", fields: { digest: ["old"] } } };
  const { api } = setUp([json(body, { status: 409 })]);

  const error = await api.answerGate("g", { decision: "approve", digest: "d" }).catch((thrown) => thrown);

  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.code, error.message], [409, "already_decided", "Bo decided."]);
  assert.deepEqual([error.fields, error.body.error.decided_by], [{ digest: ["old"] }, "bo"]);
});

test("an error page that is not JSON still gives an ApiError", async () => {
  const { api } = setUp([new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "Retry-After": "3" } })]);

  await assert.rejects(api.getPlan("p"), { status: 502, code: "http_502", retryAfter: 3 });
});

test("each call goes to its route", async () => {
  const { api, calls } = setUp([]);

  await api.getPlan("a b");
  await api.listPlans({ page_size: 5 });
  await api.listPlans("https://x/api/v1/plans/?cursor=2");
  await api.resume("p");
  await api.cancel("p");
  await api.branch("p", 1);
  await api.getGate("g");
  await api.listGates();
  await api.listEntities();
  await api.getEntity("s");
  await api.createEntity({ title: "t" });
  await api.getContent("m", 3);

  assert.deepEqual(calls.map(({ method, url }) => `${method} ${url.replace("/api/v1/", "")}`), [
    "GET plans/a%20b/",
    "GET plans/?page_size=5",
    "GET https://x/api/v1/plans/?cursor=2".replace("/api/v1/", ""),
    "POST plans/p/resume/",
    "POST plans/p/cancel/",
    "POST plans/p/branch/",
    "GET gates/g/",
    "GET gates/?state=pending",
    "GET entities/",
    "GET entities/s/",
    "POST entities/",
    "GET messages/m/content/?from_sequence=3",
  ]);
});

class FakeUpload {
  static last;
  upload = {};
  headers = {};
  status = 0;

  constructor() {
    FakeUpload.last = this;
  }

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.headers[name] = value;
  }

  getResponseHeader() {
    return null;
  }

  send(form) {
    this.form = form;
  }

  abort() {
    this.onabort();
  }

  answer(status, body) {
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    this.onload();
  }
}

test("an upload tells its progress and gives the file, or an ApiError", async () => {
  const api = new PlanApi({ XMLHttpRequest: FakeUpload, csrfToken: () => "token", uuid: () => "k" });
  const file = new File(["abc"], "a.csv");
  const percents = [];

  const uploaded = api.uploadFile(file, { onProgress: ({ percent }) => percents.push(percent) });
  const { upload, url, form, headers } = FakeUpload.last;
  upload.onprogress({ lengthComputable: true, loaded: 1, total: 4 });
  FakeUpload.last.answer(201, { id: "f" });

  assert.deepEqual(await uploaded, { id: "f" });
  assert.deepEqual([url, form.get("file").name, percents, headers["X-CSRFToken"]], ["/api/v1/files/", "a.csv", [25], "token"]);
  const refused = api.uploadFile(file);
  FakeUpload.last.answer(413, { error: { code: "too_large", message: "Too large." } });
  await assert.rejects(refused, { status: 413, code: "too_large" });
});

test("an upload can be cancelled", async () => {
  const api = new PlanApi({ XMLHttpRequest: FakeUpload, csrfToken: () => "t" });
  const controller = new AbortController();

  const upload = api.uploadFile(new File(["a"], "a"), { signal: controller.signal });
  controller.abort();

  await assert.rejects(upload, { code: "aborted" });
});
