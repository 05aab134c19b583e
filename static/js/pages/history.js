/** The list of plans beside the page, which can be folded away. */

import { choose } from "./settings.js";

export function connectHistory() {
  const toggle = document.querySelector(".history-toggle");
  const isOpen = () => document.documentElement.dataset.history !== "closed";
  const draw = () => toggle.setAttribute("aria-expanded", String(isOpen()));
  toggle.addEventListener("click", () => {
    choose("history", isOpen() ? "closed" : "open");
    draw();
  });
  draw();
}
