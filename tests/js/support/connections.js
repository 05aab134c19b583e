/** A StreamConnection over fakes, with everything it says written down. */

import { StreamConnection } from "../../../static/js/stream/index.js";
import { FakeClock } from "./clock.js";
import { FakeNetwork } from "./network.js";

export const URL_OF_RUN = "/api/v1/runs/r/events/";

export class FakeBrowser {
  isOnline = true;
  isHidden = false;
  network = new Set();
  visibility = new Set();
  page = new Set();

  get seams() {
    return {
      online: () => this.isOnline,
      hidden: () => this.isHidden,
      onNetwork: (fn) => add(this.network, fn),
      onVisibility: (fn) => add(this.visibility, fn),
      onPage: (fn) => add(this.page, fn),
    };
  }

  goOnline(online) {
    this.isOnline = online;
    for (const fn of [...this.network]) fn(online);
  }

  hide(hidden) {
    this.isHidden = hidden;
    for (const fn of [...this.visibility]) fn();
  }

  get listeners() {
    return this.network.size + this.visibility.size + this.page.size;
  }
}

function add(set, fn) {
  set.add(fn);
  return () => set.delete(fn);
}

/** Note what a stream says: positions in order, states, and each other event by name. */
export function record(stream) {
  const said = { positions: [], states: [], opened: [], gaps: [], snapshots: [], finals: 0, bad: [] };
  stream.on("event", (event) => said.positions.push(event.position));
  stream.on("state", ({ state, details }) => said.states.push({ state, ...details }));
  stream.on("opened", (data) => said.opened.push(data));
  stream.on("gap", (gap) => said.gaps.push(gap));
  stream.on("snapshot", (snapshot) => said.snapshots.push(snapshot));
  stream.on("final", () => (said.finals += 1));
  stream.on("bad_frame", (bad) => said.bad.push(bad));
  return said;
}

/** @param {(call: object) => Response | Promise<Response>} answer */
export function setUp(answer, options = {}) {
  const clock = options.clock ?? new FakeClock();
  const network = new FakeNetwork(clock, answer);
  const browser = new FakeBrowser();
  const connection = new StreamConnection({
    url: URL_OF_RUN,
    clock,
    random: () => 0,
    fetch: network.fetch,
    canStream: true,
    ...browser.seams,
    ...options,
  });
  return { clock, network, browser, connection, said: record(connection) };
}
