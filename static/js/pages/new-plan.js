/** The form for a new plan. */

import { PlanApi } from "../plan/index.js";
import "./shell.js";
import { startForm } from "./start-form.js";

const api = new PlanApi();
const form = document.getElementById("new-plan-form");

startForm(form, {
  api,
  failed: "The plan was not started.",
  start: async (data, files) => `/plans/${(await api.createPlan(wish(data, files))).id}/`,
});

function wish(data, files) {
  return {
    goal: data.get("goal"),
    max_iterations: Number(data.get("max_iterations")),
    checkpoint_interval: Number(data.get("checkpoint_interval")),
    deadline_seconds: Number(data.get("deadline_seconds")),
    engine: data.get("engine") ?? "",
    documents: [...data.getAll("documents"), ...files],
  };
}
