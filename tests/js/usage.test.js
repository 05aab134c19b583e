import assert from "node:assert/strict";
import { test } from "node:test";

import { usageWords } from "../../static/js/pages/usage-view.js";

test("what was used is told in words, with the cost where it is known", () => {
  assert.equal(usageWords(null), "");
  assert.equal(usageWords({ input_tokens: 12345, requests: 2 }), "12,345 tokens read, 0 written, 2 requests");
  assert.equal(usageWords({ input_tokens: 1, output_tokens: 2, requests: 3, cost_usd: 0.01234 }), "1 tokens read, 2 written, 3 requests, $0.0123");
});
