/** What the REST API offers of every run, whatever it is for: itself, its gates, its texts, files. */

import { RestClient, segment } from "./rest.js";

export class RunsApi {
  /** @protected */
  rest;

  /** @param {ConstructorParameters<typeof RestClient>[0]} [options] */
  constructor(options) {
    this.rest = new RestClient(options);
  }

  getRun(id) {
    return this.rest.get(`runs/${segment(id)}/`);
  }

  cancelRun(id) {
    return this.rest.post(`runs/${segment(id)}/cancel/`, {});
  }

  getGate(id) {
    return this.rest.get(`gates/${segment(id)}/`);
  }

  /** @param {string | { state?: string }} [query] */
  listGates(query = { state: "pending" }) {
    return this.rest.list("gates/", query);
  }

  /**
   * Answer a gate. A 409 throws an ApiError whose `body.error` says who decided what.
   * @param {{ decision: string, digest: string, comment?: string, payload?: object }} answer
   */
  answerGate(id, answer) {
    return this.rest.post(`gates/${segment(id)}/answer/`, answer);
  }

  /** The text of a message after a sequence, exclusive. */
  getContent(messageId, fromSequence = 0) {
    return this.rest.get(`messages/${segment(messageId)}/content/?from_sequence=${fromSequence}`);
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
    return this.rest.upload("files/", form, action, onProgress, signal);
  }
}
