/** The standard envelope: its five names, what its data may hold, and how a message is checked. */

export const EVENTS = Object.freeze(["progress", "complete", "error", "educational", "status"]);

/** Members of `data` that have a type of their own; any others are welcome. */
const TYPES = Object.freeze({
  step: "number",
  progress: "number",
  message: "string",
  educational_content: "object",
  error: "string",
  timestamp: "string",
});

/**
 * Say what is wrong with a message, or null if nothing is.
 * @param {any} message
 * @returns {string | null}
 */
export function problemOf(message) {
  if (!isObject(message)) return "the message is not an object";
  if (!EVENTS.includes(message.event)) return `the event ${JSON.stringify(message.event)} is none of ${EVENTS.join(", ")}`;
  if (!isObject(message.data)) return "data is not an object";
  if (message.data.timestamp === undefined) return "data.timestamp is missing";
  for (const [name, type] of Object.entries(TYPES)) {
    const value = message.data[name];
    if (value !== undefined && value !== null && typeof value !== type) return `data.${name} is not a ${type}`;
  }
  return null;
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
