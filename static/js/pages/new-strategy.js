/** The form for a new strategy. */

import { StrategyApi } from "../strategy/index.js";
import "./shell.js";
import { startForm } from "./start-form.js";

const api = new StrategyApi();

startForm(document.getElementById("new-strategy-form"), {
  api,
  failed: "The strategy was not started.",
  start: async (data, files) => `/strategies/${(await api.createStrategy(wish(data, files))).id}/`,
});

function wish(data, files) {
  return { goal: data.get("goal"), engine: data.get("engine") ?? "", documents: [...data.getAll("documents"), ...files] };
}
