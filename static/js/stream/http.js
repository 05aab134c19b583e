/** What an HTTP answer means to a stream. */

/**
 * Read Retry-After, in seconds or as a date.
 * @returns {number|null} milliseconds
 */
export function retryAfterOf(value, now) {
  if (!value) return null;
  if (/^\s*[0-9]+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Describe an answer that is not 2xx, with the code and message of the project's error body; older
 * APIs have no more than a text there.
 * @returns {Promise<CairnStream.Outcome>}
 */
export async function statusOutcome(response, now) {
  const body = await response.json().catch(() => null);
  return {
    kind: "status",
    status: response.status,
    retryAfter: retryAfterOf(response.headers.get("Retry-After"), now),
    code: body?.error?.code,
    message: typeof body?.error === "string" ? body.error : body?.error?.message,
  };
}

/** @returns {CairnStream.Outcome} */
export function networkOutcome(error) {
  return { kind: "network", message: String(error?.message ?? error) };
}

/**
 * Ask for JSON.
 * @returns {Promise<{ body?: any, outcome?: CairnStream.Outcome }>} no body where it is not JSON
 */
export async function fetchJson({ fetch, clock, url, signal }) {
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (response.status === 204) return { outcome: { kind: "finished" } };
  if (!response.ok) return { outcome: await statusOutcome(response, clock.now()) };
  const body = await response.json().catch(() => null);
  return body === null ? { outcome: { kind: "bad_page", status: response.status } } : { body };
}

/**
 * Ask for one page of events.
 * @returns {Promise<{ page?: any, outcome?: CairnStream.Outcome }>}
 */
export async function fetchPage(request) {
  const { body, outcome } = await fetchJson(request);
  if (outcome) return { outcome };
  return Array.isArray(body.events) ? { page: body } : { outcome: { kind: "bad_page", status: 200 } };
}
