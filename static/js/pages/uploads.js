/** Files on their way up, each with its progress, and with words when one is refused. */

import { errorMessage } from "./errors.js";
import { glyph, h, setText } from "./dom.js";

export class Uploads {
  #api;
  #list;
  #most;
  #changed;
  #ready;
  #files = new Map();

  /** @param {{ most: number, changed: () => void, ready?: (saved: any) => void }} options */
  constructor(form, api, { most, changed, ready = () => {} }) {
    this.#api = api;
    this.#most = most;
    this.#changed = changed;
    this.#ready = ready;
    this.#list = form.querySelector("[data-uploads]");
    const input = form.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    this.#connectDrop(form.querySelector("[data-drop]"));
  }

  /** The ids of the files that are there. */
  get ids() {
    return [...this.#files.values()].filter(({ id }) => id).map(({ id }) => id);
  }

  get pending() {
    return [...this.#files.values()].filter(({ state }) => state === "sending").length;
  }

  /** Forget all of them: they were sent on. */
  clear() {
    this.#files.clear();
    this.#list.replaceChildren();
    this.#changed();
  }

  add(files) {
    for (const file of files) this.#send(file);
  }

  #connectDrop(zone) {
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.add(event.dataTransfer.files);
    });
  }

  async #send(file) {
    const row = this.#row(file);
    const upload = { state: "sending", id: null };
    this.#files.set(row, upload);
    const abort = new AbortController();
    row.querySelector("button").addEventListener("click", () => {
      abort.abort();
      this.#files.delete(row);
      row.remove();
      this.#changed();
    });
    this.#changed();
    try {
      if (file.size > this.#most) throw tooLarge(file, this.#most);
      const onProgress = ({ percent }) => (row.querySelector("progress").value = percent);
      const saved = await this.#api.uploadFile(file, { onProgress, signal: abort.signal });
      Object.assign(upload, { state: "done", id: saved.id });
      this.#settle(row, "Ready");
      this.#ready(saved);
    } catch (error) {
      upload.state = "failed";
      row.dataset.failed = "yes";
      this.#settle(row, errorMessage(error, "It was not uploaded."));
    }
    this.#changed();
  }

  #settle(row, text) {
    row.querySelector("progress")?.remove();
    setText(row.querySelector("[role=status]"), text);
  }

  #row(file) {
    const row = h(
      "li",
      { class: "upload" },
      glyph("file"),
      h("span", { class: "upload-name" }, file.name),
      h("progress", { max: 100, value: 0, "aria-label": `Uploading ${file.name}` }),
      h("span", { class: "upload-status", role: "status" }),
      h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}` }, glyph("cross")),
    );
    this.#list.append(row);
    return row;
  }
}

function tooLarge(file, most) {
  const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const message = `It has ${megabytes(file.size)}; at most ${megabytes(most)} are taken.`;
  return Object.assign(new Error(message), { status: 413, fields: {} });
}
