/** Numbers of data as people read them, and the steps of an axis. */

// Years, and other numbers of four digits, are not grouped.
const grouped = { useGrouping: "min2" };
const plain = new Intl.NumberFormat(undefined, { ...grouped, maximumFractionDigits: 3 });
const large = new Intl.NumberFormat(undefined, { ...grouped, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A value of a result: numbers grouped and rounded to what can be read, nothing for null. */
export function value(one) {
  if (one === null || one === undefined) return "";
  if (typeof one !== "number") return String(one);
  if (!Number.isFinite(one)) return String(one);
  if (Number.isInteger(one)) return plain.format(one);
  const size = Math.abs(one);
  if (size >= 100) return large.format(one);
  return size < 0.001 ? one.toPrecision(3) : plain.format(one);
}

/** A number beside an axis. */
export function tick(one) {
  return Math.abs(one) >= 10_000 ? compact.format(one) : plain.format(one);
}

/** A share as percent. */
export function percent(share) {
  const whole = share * 100;
  if (whole > 0 && whole < 0.1) return "< 0.1 %";
  return `${whole < 10 && !Number.isInteger(whole) ? whole.toFixed(1) : Math.round(whole)} %`;
}

/** Round steps that cover a range: [0, 20, 40, 60]. */
export function ticks(least, most, wanted = 4) {
  if (!(most > least)) return [least, least + (Math.abs(least) || 1)];
  const rough = (most - least) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough * 0.999);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function isNumber(one) {
  return typeof one === "number" && Number.isFinite(one);
}
