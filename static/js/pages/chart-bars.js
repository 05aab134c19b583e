/** Bars: standing ones for few short names and for histograms, lying ones for all others. */

import { isNumber, tick, ticks, value } from "./numbers.js";
import { label, s } from "./svg.js";

const HEIGHT = 230;
const TOP = 22;
const BOTTOM = 44;
const LETTER = 6.6; // width of a character of the small text
const MOST_ROWS = 24;

/** Standing bars; those of a histogram touch. */
export function drawBars({ kind, x, series, x_label: xLabel, y_label: yLabel }, width) {
  const steps = ticks(...range(series));
  const left = 12 + Math.max(...steps.map((one) => tick(one).length)) * LETTER;
  const bottom = HEIGHT - BOTTOM;
  const [least, most] = [steps[0], steps.at(-1)];
  const y = (one) => bottom - ((one - least) / (most - least)) * (bottom - TOP);
  const slot = (width - left - 4) / x.length;
  const thick = kind === "histogram" ? slot - 1 : Math.min(64, slot * 0.72);
  const each = thick / series.length;
  const bars = series.flatMap((one, index) =>
    one.values.map((number, at) => {
      if (!isNumber(number)) return null;
      const start = left + slot * at + (slot - thick) / 2 + each * index;
      const [from, to] = [Math.min(y(number), y(0)), Math.max(y(number), y(0))];
      const shape = { x: start, y: from, width: Math.max(1, each - (series.length > 1 ? 1 : 0)), height: Math.max(1, to - from), rx: kind === "histogram" ? 0 : 2 };
      return s("rect", { ...shape, class: `mark series-${index % 6}` }, s("title", {}, `${value(x[at])}: ${value(number)}`));
    }),
  );
  const every = Math.ceil((Math.max(...x.map((one) => value(one).length)) * LETTER + 8) / slot);
  const names = x.map((one, at) =>
    at % every ? null : label(value(one), left + slot * (at + 0.5), bottom + 16, { anchor: "middle", most: Math.max(3, Math.floor((slot * every) / LETTER)) }),
  );
  return canvas(width, HEIGHT, [...grid(steps, y, left, width), ...bars, ...names, axisNames(xLabel, yLabel, left, width, HEIGHT)]);
}

/** Lying bars, each with its name before it and its value behind it. */
export function drawRows({ x, series, y_label: yLabel }, width) {
  const shown = Math.min(x.length, MOST_ROWS);
  const names = x.slice(0, shown).map(value);
  const most = Math.max(6, Math.floor(Math.min(width * 0.38, Math.max(...names.map((one) => one.length)) * LETTER + 10) / LETTER));
  const left = most * LETTER + 8;
  const numbers = series.flatMap((one) => one.values.slice(0, shown));
  const right = Math.max(...numbers.map((one) => value(one).length)) * LETTER + 12;
  const [least, highest] = range(series);
  const scale = (one) => left + ((one - least) / (highest - least || 1)) * Math.max(20, width - left - right);
  const thick = series.length > 1 ? 12 : 16;
  const row = thick * series.length + 10;
  const height = TOP + row * shown + 8;
  const marks = names.flatMap((name, at) => {
    const top = TOP + row * at;
    const bars = series.flatMap((one, index) => lyingBar(one.values[at], { name, scale, top: top + thick * index, thick, index }));
    return [label(name, left - 8, top + (row - 10) / 2 + 4, { anchor: "end", most }), ...bars];
  });
  const more = x.length > shown ? label(`The first ${shown} of ${x.length}; the table has all.`, left, height + 10) : null;
  const zero = s("line", { x1: scale(0), x2: scale(0), y1: TOP - 4, y2: height - 6, class: "axis" });
  return canvas(width, height + (more ? 16 : 0), [zero, ...marks, label(yLabel, left, 10, { kind: "chart-text axis-name", most: Math.floor((width - left) / LETTER) }), more]);
}

function lyingBar(number, { name, scale, top, thick, index }) {
  if (!isNumber(number)) return [];
  const [from, to] = [Math.min(scale(0), scale(number)), Math.max(scale(0), scale(number))];
  const shape = { x: from, y: top, width: Math.max(1, to - from), height: thick - 2, rx: 2 };
  return [
    s("rect", { ...shape, class: `mark series-${index % 6}` }, s("title", {}, `${name}: ${value(number)}`)),
    label(value(number), to + 6, top + thick / 2 + 3),
  ];
}

/** From zero, or below, to the highest. */
function range(series) {
  const all = series.flatMap((one) => one.values).filter(isNumber);
  return [Math.min(0, ...all), Math.max(0, ...all) || 1];
}

export function grid(steps, y, left, width) {
  return steps.flatMap((one) => [
    s("line", { x1: left, x2: width, y1: y(one), y2: y(one), class: one === 0 ? "axis" : "grid" }),
    label(tick(one), left - 6, y(one) + 4, { anchor: "end" }),
  ]);
}

export function axisNames(xLabel, yLabel, left, width, height) {
  const most = Math.floor((width - left) / LETTER);
  return s(
    "g",
    {},
    label(yLabel, 0, 10, { kind: "chart-text axis-name", most }),
    label(xLabel, left + (width - left) / 2, height - 6, { anchor: "middle", kind: "chart-text axis-name", most }),
  );
}

export function canvas(width, height, children) {
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true", focusable: "false" }, ...children);
}
