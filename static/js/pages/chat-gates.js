/** The questions of a chat: tools that ask to run, and questions back, each in a card. */

import { QuestionGate } from "./question-gate.js";
import { ToolGate } from "./tool-gate.js";

/** @param {() => void} decided called when somebody has decided here */
export function chatGates(decided) {
  return {
    dialogs: (how) => ({ tool: new ToolGate(how), question: new QuestionGate(how) }),
    page: {
      // The log tells what is asked, but not the payload that the digest stands for.
      preview: () => null,
      decidedBy: (id, { gates }) => gates.find((gate) => gate.id === id)?.decidedBy ?? null,
      focus: () => {
        decided();
        return document.getElementById("composer-text") ?? document.getElementById("scroll");
      },
    },
  };
}
