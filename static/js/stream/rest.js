/** The REST API over HTTP: CSRF, idempotency and one kind of error. */

import { cookie, uuid } from "./command.js";

/** An answer that is not 2xx, or none at all: then `status` is 0 and `code` is "network". */
export class ApiError extends Error {
  /** @param {{ status: number, code: string, message: string, fields?: object, body?: any, retryAfter?: number | null }} answer */
  constructor({ status, code, message, fields, body, retryAfter }) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields ?? {};
    this.body = body ?? null;
    this.retryAfter = retryAfter ?? null;
  }
}

/** After these the same action may be tried again, and must then carry the same key. */
const UNDECIDED = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

export class RestClient {
  #base;
  #fetch;
  #XMLHttpRequest;
  #uuid;
  #csrfToken;
  #keys = new Map();

  /**
   * @param {{ base?: string, fetch?: typeof fetch, XMLHttpRequest?: any, uuid?: () => string,
   *   csrfToken?: () => string }} [options]
   */
  constructor(options = {}) {
    this.#base = options.base ?? "/api/v1/";
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
    this.#XMLHttpRequest = options.XMLHttpRequest ?? globalThis.XMLHttpRequest;
    this.#uuid = options.uuid ?? uuid;
    this.#csrfToken = options.csrfToken ?? (() => cookie("csrftoken"));
  }

  /** The address of a path, for what is not fetched here: streams, downloads. */
  address(path) {
    return isAddress(path) ? path : this.#base + path;
  }

  get(path) {
    return this.#request(path, { method: "GET" });
  }

  /** A page of a list; `next` of one page is the query of the following. */
  list(path, query) {
    if (typeof query === "string") return this.get(query);
    const params = new URLSearchParams(query ?? {});
    return this.get(params.size ? `${path}?${params}` : path);
  }

  post(path, body) {
    const text = JSON.stringify(body);
    return this.#once(`${path} ${text}`, (key) => this.#send("POST", path, text, { "Idempotency-Key": key }));
  }

  /** Change something; saying the same twice does the same, so it needs no key. */
  patch(path, body) {
    return this.#send("PATCH", path, JSON.stringify(body));
  }

  /** Send a form, telling how much of it is sent; `action` names it, so that trying again is the same. */
  upload(path, form, action, onProgress, signal) {
    return this.#once(action, (key) => this.#upload(path, form, key, onProgress, signal));
  }

  #send(method, path, body, headers = {}) {
    const all = { "Content-Type": "application/json", "X-CSRFToken": this.#csrfToken(), ...headers };
    return this.#request(path, { method, body, headers: all });
  }

  /** Keep one key for an action until its outcome is known, so that trying again cannot do it twice. */
  async #once(action, send) {
    if (!this.#keys.has(action)) this.#keys.set(action, this.#uuid());
    try {
      const answer = await send(this.#keys.get(action));
      this.#keys.delete(action);
      return answer;
    } catch (error) {
      if (!UNDECIDED.has(error.status)) this.#keys.delete(action);
      throw error;
    }
  }

  async #request(path, { headers = {}, ...init }) {
    const url = this.address(path);
    let response;
    try {
      response = await this.#fetch(url, { credentials: "same-origin", headers: { Accept: "application/json", ...headers }, ...init });
    } catch (error) {
      throw networkError(error);
    }
    const body = parse(await response.text().catch(() => ""));
    if (!response.ok) throw errorOf(response.status, body, response.headers.get("Retry-After"));
    return body;
  }

  #upload(path, form, key, onProgress, signal) {
    return new Promise((resolve, reject) => {
      const request = new this.#XMLHttpRequest();
      request.open("POST", this.#base + path);
      const headers = { Accept: "application/json", "X-CSRFToken": this.#csrfToken(), "Idempotency-Key": key };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
        if (lengthComputable) onProgress({ loaded, total, percent: total ? (100 * loaded) / total : 100 });
      };
      request.onload = () => {
        const body = parse(request.responseText);
        if (request.status >= 200 && request.status < 300) resolve(body);
        else reject(errorOf(request.status, body, request.getResponseHeader("Retry-After")));
      };
      request.onerror = () => reject(networkError(new Error("The upload failed.")));
      request.onabort = () => reject(new ApiError({ status: 0, code: "aborted", message: "The upload was cancelled." }));
      signal?.addEventListener("abort", () => request.abort(), { once: true });
      request.send(form);
    });
  }
}

/** An id as a part of a path. */
export function segment(id) {
  return encodeURIComponent(id);
}

/** `next` and `previous` of a list are whole addresses. */
function isAddress(path) {
  return path.startsWith("/") || /^https?:\/\//.test(path);
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function networkError(error) {
  return new ApiError({ status: 0, code: "network", message: String(error?.message ?? error) });
}

function errorOf(status, body, retryAfter) {
  const error = body?.error ?? {};
  const message = error.message ?? `The server answered with ${status}.`;
  return new ApiError({ status, code: error.code ?? `http_${status}`, message, fields: error.fields, body, retryAfter: Number(retryAfter) || null });
}
