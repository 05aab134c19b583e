/** The way up: SSE only comes down, so what a client says is a POST with CSRF and idempotency. */

/** Read a cookie, or "" when there is none. */
export function cookie(name, jar = globalThis.document?.cookie ?? "") {
  for (const pair of jar.split(";")) {
    const index = pair.indexOf("=");
    if (pair.slice(0, index).trim() === name) return decodeURIComponent(pair.slice(index + 1).trim());
  }
  return "";
}

/** A random UUID, also where `crypto.randomUUID` is missing: it needs a secure context. */
export function uuid() {
  if (globalThis.crypto?.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * POST a message to a run's command endpoint.
 * @returns {Promise<any>} the JSON answer
 * @throws {Error & { status: number }} when the answer is not 2xx
 */
export async function postCommand({ fetch, url, message, headers = {}, csrfCookie = "csrftoken" }) {
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": cookie(csrfCookie),
      "Idempotency-Key": uuid(),
      ...headers,
    },
    body: JSON.stringify(message),
  });
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  const error = new Error(body?.error?.message ?? `The command was answered with ${response.status}.`);
  throw Object.assign(error, { status: response.status, body });
}
