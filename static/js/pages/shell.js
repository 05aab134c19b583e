/** What every page has: settings, times that age, and how many gates wait for the user. */

import { ago, dateAndTime } from "./format.js";
import { connectSettings } from "./settings.js";
import { watchWaiting } from "./waiting.js";

/** Write times as distances from now; the exact time stays as a tooltip. */
export function ageTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    time.title = dateAndTime(time.dateTime);
    const text = ago(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
  }
}

connectSettings();
ageTimes();
setInterval(() => ageTimes(), 30_000);
watchWaiting();
