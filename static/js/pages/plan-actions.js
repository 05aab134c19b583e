/** What can be done to a plan, and what cancelling it would lose. */

import { RunActions } from "./run-actions.js";

export class PlanActions extends RunActions {
  constructor({ api, store }) {
    super({ api, store, what: "plan", atRisk });
  }
}

function atRisk({ iterations }) {
  const running = iterations.find((one) => one.state === "running");
  if (!running) return "";
  const kept = iterations.length > 1 ? " What earlier iterations found stays here." : "";
  return `What iteration ${running.number} has done so far is lost.${kept}`;
}
