/** The proposal and the final plan: each written once, when its text is there. */

import { setText, show, slot } from "./dom.js";

const DECISIONS = { approve: "Approved", adjust: "Adjusted", reject: "Rejected" };

export function textsView({ markdown, store }) {
  const proposal = document.getElementById("proposal");
  const final = document.getElementById("final-plan");
  const written = new Map();
  const write = (element, text) => {
    if (written.get(element) === text) return;
    written.set(element, text);
    element.replaceChildren(markdown(text));
  };
  return ({ state, details }) => {
    const asked = state.proposal;
    const approach = asked?.content ?? details.proposal?.approach;
    if (show(proposal, Boolean(approach))) {
      write(slot(proposal, "text"), approach);
      setText(slot(proposal, "title"), asked?.title ?? details.proposal.title);
      setText(slot(proposal, "decision"), decision(asked));
    }
    const text = state.finalPlan?.content ?? details.final_plan;
    if (show(final, Boolean(text))) write(document.getElementById("final-plan-text"), text);
    if (state.finalPlan && !text) store.loadDetails();
  };
}

function decision(proposal) {
  if (!proposal?.decision) return "";
  const by = proposal.decidedBy ? ` by ${proposal.decidedBy}` : "";
  return `${DECISIONS[proposal.decision] ?? proposal.decision}${by}`;
}
