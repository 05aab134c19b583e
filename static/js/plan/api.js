/** The REST API as functions: CSRF, idempotency and one kind of error. */

import { cookie, uuid } from "../stream/command.js";

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

export class PlanApi {
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

  /** @param {{ goal: string, max_iterations?: number, checkpoint_interval?: number, documents?: string[], deadline_seconds?: number }} plan */
  createPlan(plan) {
    return this.#post("plans/", plan);
  }

  getPlan(id) {
    return this.#get(`plans/${segment(id)}/`);
  }

  /** A page of plans; `next` of one page is what `listPlans` takes for the following. */
  listPlans(query) {
    return this.#list("plans/", query);
  }

  pause(id) {
    return this.#post(`plans/${segment(id)}/pause/`, {});
  }

  resume(id) {
    return this.#post(`plans/${segment(id)}/resume/`, {});
  }

  cancel(id) {
    return this.#post(`plans/${segment(id)}/cancel/`, {});
  }

  /** Make a new plan that starts from a checkpoint of this one. */
  branch(id, checkpoint) {
    return this.#post(`plans/${segment(id)}/branch/`, { checkpoint });
  }

  getRun(id) {
    return this.#get(`runs/${segment(id)}/`);
  }

  cancelRun(id) {
    return this.#post(`runs/${segment(id)}/cancel/`, {});
  }

  getGate(id) {
    return this.#get(`gates/${segment(id)}/`);
  }

  /** @param {string | { state?: string }} [query] */
  listGates(query = { state: "pending" }) {
    return this.#list("gates/", query);
  }

  /**
   * Answer a gate. A 409 throws an ApiError whose `body.error` says who decided what.
   * @param {{ decision: string, digest: string, comment?: string, payload?: object }} answer
   */
  answerGate(id, answer) {
    return this.#post(`gates/${segment(id)}/answer/`, answer);
  }

  listEntities(query) {
    return this.#list("entities/", query);
  }

  getEntity(slug) {
    return this.#get(`entities/${segment(slug)}/`);
  }

  createEntity(entity) {
    return this.#post("entities/", entity);
  }

  /** The text of a message after a sequence, exclusive. */
  getContent(messageId, fromSequence = 0) {
    return this.#get(`messages/${segment(messageId)}/content/?from_sequence=${fromSequence}`);
  }

  /**
   * Upload a file. XMLHttpRequest, because fetch cannot tell how much has been sent.
   * @param {File} file
   * @param {{ onProgress?: (sent: { loaded: number, total: number, percent: number }) => void, signal?: AbortSignal, fields?: Record<string, string> }} [options]
   */
  uploadFile(file, { onProgress = () => {}, signal, fields = {} } = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file, file.name);
    // The same bytes of the same file are the same action; its content is not read to know that.
    const action = `files/ ${file.name} ${file.size} ${file.lastModified ?? ""}`;
    return this.#once(action, (key) => this.#upload(form, key, onProgress, signal));
  }

  #list(path, query) {
    if (typeof query === "string") return this.#get(query);
    const params = new URLSearchParams(query ?? {});
    return this.#get(params.size ? `${path}?${params}` : path);
  }

  #get(path) {
    return this.#request(path, { method: "GET" });
  }

  #post(path, body) {
    const text = JSON.stringify(body);
    return this.#once(`${path} ${text}`, (key) =>
      this.#request(path, {
        method: "POST",
        body: text,
        headers: { "Content-Type": "application/json", ...this.#writing(key) },
      }),
    );
  }

  #writing(key) {
    return { "X-CSRFToken": this.#csrfToken(), "Idempotency-Key": key };
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
    const url = isAddress(path) ? path : this.#base + path;
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

  #upload(form, key, onProgress, signal) {
    return new Promise((resolve, reject) => {
      const request = new this.#XMLHttpRequest();
      request.open("POST", `${this.#base}files/`);
      const headers = { Accept: "application/json", ...this.#writing(key) };
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

function segment(id) {
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
