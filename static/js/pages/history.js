/** The list of plans beside the page, which can be folded away. */

import { choose, setting } from "./settings.js";

export function connectHistory() {
  const toggle = document.querySelector(".history-toggle");
  const draw = () => toggle.setAttribute("aria-expanded", String(setting("history") === "open"));
  toggle.addEventListener("click", () => {
    choose("history", setting("history") === "open" ? "closed" : "open");
    draw();
  });
  draw();
}
