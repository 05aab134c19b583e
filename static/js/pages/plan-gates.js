/** The questions of a plan: proposal and checkpoint, each in a dialog of its own. */

import { GateDialog } from "./gate-dialog.js";

export function planGates(markdown) {
  return {
    dialogs: (how) => ({
      proposal: new GateDialog({ kind: "proposal", markdown, ...how }),
      checkpoint: new GateDialog({ kind: "checkpoint", markdown, ...how }),
    }),
    page: { preview, decidedBy, focus: () => document.getElementById("content") },
  };
}

/** What the log has told of a checkpoint already. */
function preview({ kind, checkpoint: number }, { checkpoints }) {
  const one = kind === "checkpoint" ? checkpoints.find((each) => each.number === number) : null;
  return one?.summary ? { summary: one.summary, frameworks: one.frameworks, data_points: one.dataPoints } : null;
}

function decidedBy(id, { checkpoints, proposal }) {
  return (checkpoints.find((one) => one.gate?.id === id) ?? proposal)?.decidedBy ?? null;
}
