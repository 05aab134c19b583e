/** Why something did not work, in words that say what to do. */

/** The message for an ApiError; `what` is said when the server could not be asked. */
export function errorMessage(error, what) {
  if (error.status === 0) return `${what} The server could not be reached; try again.`;
  if (error.status === 401) return `${what} You are signed out: sign in in another tab, then try again.`;
  if (error.status === 429) return `${what} Too many requests; try again in ${error.retryAfter ?? 60} s.`;
  if (error.status >= 500) return `${what} The server had a problem; try again.`;
  const fields = Object.values(error.fields ?? {}).flat();
  return fields.length ? fields.join(" ") : error.message;
}

/** Who decided what, for a 409 that says it. */
export function decidedMessage(error) {
  const { decided_by: by, decision } = error.body?.error ?? {};
  return `Already decided by ${by || "the deadline"}: ${decision}.`;
}
