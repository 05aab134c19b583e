/** Numbers and times in words, in the reader's own language and time zone. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

export function timeOfDay(iso) {
  return iso ? clock.format(new Date(iso)) : "";
}

export function dateAndTime(iso) {
  return iso ? whole.format(new Date(iso)) : "";
}

/** How long ago, or how far ahead: "2 hours ago". */
export function ago(iso, now = Date.now()) {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return seconds > 0 ? "in less than a minute" : "just now";
}

/** A measured duration: "80 ms", "0.8 s", "12 s", "3 min 4 s". */
export function duration(milliseconds) {
  if (!Number.isFinite(milliseconds)) return "";
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return span(seconds);
}

/** A span in whole seconds, in its two largest units. */
export function span(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  if (left < 60) return `${left} s`;
  if (left < 3600) return `${Math.floor(left / 60)} min ${left % 60} s`;
  if (left < 86400) return `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min`;
  const days = Math.floor(left / 86400);
  return `${days} ${days === 1 ? "day" : "days"} ${Math.floor((left % 86400) / 3600)} h`;
}

/** "1 gap", "2 gaps". */
export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
