/** Lines and points over a scale: numbers, times, or names in their order. */

import { axisNames, canvas, grid } from "./chart-bars.js";
import { isNumber, tick, ticks, value } from "./numbers.js";
import { label, s } from "./svg.js";

const HEIGHT = 240;
const TOP = 22;
const BOTTOM = 44;
const LETTER = 6.6;
const DATE = /^\d{4}-\d{2}(-\d{2})?([T ]|$)/;
const MOST_DOTS = 60; // of a line; more would hide it

export function drawPoints({ kind, x, series, x_label: xLabel, y_label: yLabel }, width) {
  const all = series.flatMap((one) => one.values).filter(isNumber);
  const steps = ticks(...span(all));
  const left = 12 + Math.max(...steps.map((one) => tick(one).length)) * LETTER;
  const bottom = HEIGHT - BOTTOM;
  const y = (one) => bottom - ((one - steps[0]) / (steps.at(-1) - steps[0])) * (bottom - TOP);
  const across = scaleOf(x, left + 8, width - 12);
  const marks = series.flatMap((one, index) => {
    const points = one.values.map((number, at) => ({ at, left: across.place(at), top: isNumber(number) ? y(number) : null }));
    const dots = kind === "scatter" || points.length <= MOST_DOTS ? points.map((point) => dot(point, { x, one, index, kind })) : [];
    return [kind === "line" ? path(points, index) : null, ...dots];
  });
  const names = across.names.map(({ text, left: at }) => label(text, at, bottom + 16, { anchor: "middle", most: 12 }));
  return canvas(width, HEIGHT, [...grid(steps, y, left, width), ...marks, ...names, axisNames(xLabel, yLabel, left, width, HEIGHT)]);
}

function span(all) {
  if (!all.length) return [0, 1];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? [least - (Math.abs(least) || 1) / 2, most + (Math.abs(most) || 1) / 2] : [least, most];
}

function dot({ at, left, top }, { x, one, index, kind }) {
  if (top === null || left === null) return null;
  const tooltip = s("title", {}, `${value(x[at])}: ${value(one.values[at])}`);
  return s("circle", { cx: left, cy: top, r: kind === "scatter" ? 3.5 : 3, class: `mark dot series-${index % 6}` }, tooltip);
}

/** A line that is broken where a value is missing. */
function path(points, index) {
  let open = false;
  const moves = points.map(({ left, top }) => {
    if (top === null || left === null) {
      open = false;
      return "";
    }
    const move = `${open ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`;
    open = true;
    return move;
  });
  return s("path", { d: moves.join(""), class: `line-mark series-${index % 6}` });
}

/** Where each x lies, and which names are written below. */
function scaleOf(x, from, to) {
  if (x.every((one) => one === null || isNumber(one))) return continuous(x, from, to, ticksBelow(x, to - from), tick);
  const times = x.map((one) => (DATE.test(String(one)) ? Date.parse(one) : NaN));
  if (times.every(Number.isFinite) && times.length > 1) return named(x, from, to, (at) => share(times, at));
  return named(x, from, to, (at) => (x.length > 1 ? at / (x.length - 1) : 0.5));
}

function ticksBelow(x, room) {
  const all = x.filter(isNumber);
  return all.length ? ticks(...span(all), Math.max(2, Math.min(6, Math.floor(room / 80)))) : [0, 1];
}

function continuous(x, from, to, steps, text) {
  const place = (one) => from + ((one - steps[0]) / (steps.at(-1) - steps[0])) * (to - from);
  return {
    place: (at) => (isNumber(x[at]) ? place(x[at]) : null),
    names: steps.map((one) => ({ text: text(one), left: place(one) })),
  };
}

function share(times, at) {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return last > first ? (times[at] - first) / (last - first) : 0.5;
}

/** Names are left out where they would touch. */
function named(x, from, to, shareOf) {
  const place = (at) => from + shareOf(at) * (to - from);
  const names = [];
  let end = -Infinity;
  x.forEach((one, at) => {
    const text = value(one).slice(0, 12);
    const half = (text.length * LETTER) / 2;
    if (place(at) - half < end + 8) return;
    names.push({ text, left: Math.min(Math.max(place(at), half), to + 12 - half) });
    end = place(at) + half;
  });
  return { place, names };
}
