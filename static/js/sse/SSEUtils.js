/** Messages to and from text, and from the log's own events to the standard envelope. */

import { EVENTS, isObject, problemOf } from "./SSEMessageTypes.js";

/** The current time as the envelope has it: ISO 8601, UTC, with a Z. */
export function timestamp(moment = Date.now()) {
  return new Date(moment).toISOString();
}

/**
 * Read a message from its JSON text.
 * @throws {TypeError} saying what is wrong with it
 */
export function parseMessage(text) {
  const message = JSON.parse(text);
  const problem = problemOf(message);
  if (problem) throw new TypeError(problem);
  return message;
}

/** Write a message as JSON text, with the time if it has none. */
export function formatMessage({ event, data = {} }) {
  const message = { event, data: { ...data, timestamp: data.timestamp ?? timestamp() } };
  const problem = problemOf(message);
  if (problem) throw new TypeError(problem);
  return JSON.stringify(message);
}

/**
 * Return an event of a stream as a message: the strategy dialect has that shape already, the native
 * one keeps its time beside its data, errors as objects, and has one name more.
 * @param {any} event
 */
export function toMessage(event) {
  const { error, step, ...rest } = isObject(event.data) ? event.data : {};
  const told = typeof error === "string" || error === undefined ? { error } : { error: error?.message, code: error?.code };
  const place = typeof step === "number" || step === undefined ? { step } : { step_name: step };
  const data = { ...rest, ...place, ...told, timestamp: rest.timestamp ?? event.timestamp };
  for (const name of Object.keys(data)) if (data[name] === undefined) delete data[name];
  const name = EVENTS.includes(event.event) ? event.event : "status";
  return { ...event, event: name, data };
}
