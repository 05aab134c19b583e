/** Sessions as the REST API has them. */

import { segment } from "../stream/rest.js";
import { RunsApi } from "../stream/runs-api.js";

export class SessionApi extends RunsApi {
  /** @param {{ title?: string, files?: string[], demo?: string, mode?: "plan" | "act", engine?: string }} [session] */
  createSession(session = {}) {
    return this.rest.post("sessions/", session);
  }

  /** A page of sessions, those that say `q` somewhere; `next` of a page is the query of the following. */
  listSessions(query) {
    return this.rest.list("sessions/", query);
  }

  getSession(id) {
    return this.rest.get(path(id));
  }

  /** All that a page shows of a session at one position of its log. */
  getSnapshot(id) {
    return this.rest.get(`${path(id)}snapshot/`);
  }

  rename(id, title) {
    return this.rest.patch(path(id), { title });
  }

  /** @param {"plan" | "act"} mode */
  setMode(id, mode) {
    return this.rest.patch(path(id), { mode });
  }

  /** Show and continue another branch. */
  switchBranch(id, branch) {
    return this.rest.patch(path(id), { branch });
  }

  listMessages(id, query) {
    return this.rest.list(`${path(id)}messages/`, query);
  }

  /** @param {{ text: string, branch?: string, files?: string[], metadata?: object }} message */
  postMessage(id, message) {
    return this.rest.post(`${path(id)}messages/`, message);
  }

  /** Ask something else instead: on a branch that parts before the message. */
  editMessage(id, message, text) {
    return this.rest.post(`${path(id)}messages/${segment(message)}/edit/`, { text });
  }

  /** Ask the same once more, on a branch of its own. */
  retryMessage(id, message) {
    return this.rest.post(`${path(id)}messages/${segment(message)}/retry/`, {});
  }

  listBranches(id) {
    return this.rest.get(`${path(id)}branches/`);
  }

  /** @param {{ from_message?: string, name?: string }} [branch] */
  createBranch(id, branch = {}) {
    return this.rest.post(`${path(id)}branches/`, branch);
  }

  /** Add copies of a branch's own messages to another; with `messages`, only their turns. */
  mergeBranches(id, { source, target, messages }) {
    return this.rest.post(`${path(id)}branches/merge/`, { source, target, messages });
  }

  listWorkflows(id) {
    return this.rest.get(`${path(id)}workflows/`);
  }

  startWorkflow(id, workflow, parameters = {}) {
    return this.rest.post(`${path(id)}workflows/`, { workflow, parameters });
  }

  getModel(id) {
    return this.rest.get(`${path(id)}model/`);
  }

  /** Where the data model is downloaded from, as a data dictionary in YAML. */
  modelAddress(id) {
    return this.rest.address(`${path(id)}model/?download=yaml`);
  }

  /** What a message may refer to with '@'. */
  listReferences(id) {
    return this.rest.get(`${path(id)}references/`);
  }

  getPreferences() {
    return this.rest.get("preferences/");
  }

  /** @param {{ stream_mode: "inline" | "signal" }} preferences */
  setPreferences(preferences) {
    return this.rest.patch("preferences/", preferences);
  }

  /** Where the session's events are followed. */
  eventsAddress(id) {
    return this.rest.address(`${path(id)}events/`);
  }
}

function path(id) {
  return `sessions/${segment(id)}/`;
}
