import assert from "node:assert/strict";
import { test } from "node:test";

import { SharedStream, StreamConnection, openStream } from "../../static/js/stream/index.js";
import { FakeClock, settle } from "./support/clock.js";
import { FakeBrowser, URL_OF_RUN, record } from "./support/connections.js";
import { event, final, frame, opened } from "./support/events.js";
import { FakeNetwork, failure, page, sse } from "./support/network.js";
import { FakeLocks, fakeChannels } from "./support/tabs.js";

/** A browser with one server behind it, whose log grows with `write`. */
function setUp(answer) {
  const clock = new FakeClock();
  const log = [];
  const streams = new Set();
  const serve = (call) => {
    if (call.kind === "poll") return page(log.filter(({ position }) => position > call.after));
    const stream = sse(call.signal, [opened(call.after), ...log.slice(call.after).map((one) => frame(one))]);
    streams.add(stream);
    return stream.response;
  };
  const network = new FakeNetwork(clock, answer ?? serve);
  const seams = { url: URL_OF_RUN, clock, fetch: network.fetch, canStream: true, locks: new FakeLocks(), BroadcastChannel: fakeChannels() };
  const live = () => [...streams].filter((stream) => !stream.closed);
  const write = async (...messages) => {
    log.push(...messages);
    live().forEach((stream) => messages.forEach((one) => stream.send(frame(one))));
    await settle();
  };
  const openTab = async (options = {}) => {
    const browser = new FakeBrowser();
    browser.isHidden = options.isHidden ?? false;
    const stream = new SharedStream({ ...seams, ...browser.seams, ...options });
    const said = record(stream);
    stream.connect();
    await clock.advance(60);
    return { stream, said, browser };
  };
  return { clock, network, log, live, write, openTab, seams };
}

test("three tabs have one connection and each has every event once", async () => {
  const { network, write, openTab } = setUp();
  const tabs = [await openTab(), await openTab(), await openTab()];

  await write(event(1), event(2));

  assert.equal(network.calls.length, 1);
  assert.deepEqual(tabs.map(({ said }) => said.positions), Array(3).fill([1, 2]));
  assert.deepEqual(tabs.map(({ stream }) => stream.state), Array(3).fill("open"));
  assert.deepEqual(tabs.map(({ stream }) => stream.isLeader), [true, false, false]);
  tabs.reverse().forEach(({ stream }) => stream.disconnect());
});

test("when the leader goes, the next one goes on without loss or repetition", async () => {
  const { network, write, openTab, clock, live } = setUp();
  const tabs = [await openTab(), await openTab(), await openTab()];
  await write(event(1), event(2));

  tabs[0].stream.disconnect();
  await write(event(3));
  await clock.advance(60);
  await write(event(4));

  assert.deepEqual(tabs.slice(1).map(({ said }) => said.positions), Array(2).fill([1, 2, 3, 4]));
  assert.equal(tabs[1].stream.isLeader, true);
  assert.deepEqual(network.streams.map((call) => call.after), [0, 2]);
  assert.equal(live().length, 1);
  tabs.slice(1).reverse().forEach(({ stream }) => stream.disconnect());
});

test("a new leader starts from the lowest cursor any tab needs", async () => {
  const { network, write, openTab, clock } = setUp();
  const first = await openTab();
  await write(event(1), event(2), event(3));
  const ahead = await openTab({ after: 3 });

  // The third tab joins in the moment of the change, so only the new leader hears of it.
  first.stream.disconnect();
  const behind = await openTab({ after: 1 });
  await clock.advance(60);

  assert.equal(ahead.stream.isLeader, true);
  assert.deepEqual(network.streams.map((call) => call.after), [0, 1]);
  assert.deepEqual(behind.said.positions, [2, 3]);
  assert.deepEqual(ahead.said.positions, []);
  behind.stream.disconnect();
  ahead.stream.disconnect();
});

test("a tab that opens late gets what it missed from the leader, without a request", async () => {
  const { network, write, openTab } = setUp();
  const first = await openTab();
  await write(event(1), event(2));

  const late = await openTab();
  await settle();

  assert.deepEqual(late.said.positions, [1, 2]);
  assert.equal(late.stream.state, "open");
  assert.equal(network.calls.length, 1);
  late.stream.disconnect();
  first.stream.disconnect();
});

test("a tab older than what the leader keeps makes it start again, and the others repeat nothing", async () => {
  const { network, write, openTab } = setUp();
  const first = await openTab({ after: 2 });
  await write(event(1), event(2), event(3));

  const late = await openTab({ after: 0 });
  await settle();

  assert.deepEqual(late.said.positions, [1, 2, 3]);
  assert.deepEqual(first.said.positions, [3]);
  assert.deepEqual(network.calls.map((call) => call.after), [2, 0]);
  late.stream.disconnect();
  first.stream.disconnect();
});

test("the end of the log ends all tabs and leaves nothing behind", async () => {
  const { write, openTab, clock, network } = setUp();
  const tabs = [await openTab(), await openTab()];

  await write(event(1), final(2));
  await clock.advance(600_000);

  assert.deepEqual(tabs.map(({ said }) => [said.positions, said.finals]), Array(2).fill([[1, 2], 1]));
  assert.deepEqual(tabs.map(({ stream }) => stream.details.reason), ["finished", "finished"]);
  assert.equal(clock.pending, 0);
  assert.equal(network.calls.length, 1);
  assert.deepEqual(tabs.map(({ browser }) => browser.listeners), [0, 0]);
});

test("a sign-out closes all tabs", async () => {
  const { openTab } = setUp(() => failure(401));
  const tabs = [await openTab(), await openTab()];

  await settle();

  assert.deepEqual(tabs.map(({ stream }) => stream.details.reason), ["signed_out", "signed_out"]);
});

test("a hidden leader streams as long as another tab is seen, and polls when none is", async () => {
  const { openTab, clock, live } = setUp();
  const leader = await openTab();
  const follower = await openTab();

  leader.browser.hide(true);
  await clock.advance(20_000);
  assert.equal(live().length, 1);
  follower.browser.hide(true);
  await clock.advance(20_000);
  assert.deepEqual([live().length, leader.stream.state], [0, "polling"]);
  follower.browser.hide(false);
  await settle();

  assert.deepEqual([live().length, follower.stream.state], [1, "open"]);
  follower.stream.disconnect();
  leader.stream.disconnect();
});

test("a leader that falls silent is replaced by a tab that is seen", async () => {
  const { clock, openTab, seams, write, network } = setUp();
  const channels = [];
  const Channel = class extends seams.BroadcastChannel {
    constructor(name) {
      super(name);
      channels.push(this);
    }
  };
  const leader = await openTab({ BroadcastChannel: Channel });
  const follower = await openTab({ BroadcastChannel: Channel });
  await write(event(1));

  channels[0].postMessage = () => {};
  await clock.advance(61_000);
  await write(event(2));

  assert.equal(follower.stream.isLeader, true);
  assert.equal(leader.stream.isLeader, false);
  assert.deepEqual(follower.said.positions, [1, 2]);
  assert.ok(network.streams.length >= 2);
  follower.stream.disconnect();
  leader.stream.disconnect();
});

test("retryNow() of a follower reaches the leader", async () => {
  let dead = true;
  const { openTab, network } = setUp((call) => (dead ? Promise.reject(new TypeError("refused")) : sse(call.signal, [opened()]).response));
  const leader = await openTab();
  const follower = await openTab();
  dead = false;

  follower.stream.retryNow();
  await settle();

  assert.equal(network.calls.length, 2);
  assert.equal(follower.stream.state, "open");
  follower.stream.disconnect();
  leader.stream.disconnect();
});

test("without Web Locks or BroadcastChannel each tab has its own connection", () => {
  const options = { url: URL_OF_RUN };

  assert.ok(openStream({ ...options, locks: null, BroadcastChannel: class {} }) instanceof StreamConnection);
  assert.ok(openStream({ ...options, locks: {}, BroadcastChannel: null }) instanceof StreamConnection);
  assert.ok(openStream({ ...options, locks: {}, BroadcastChannel: class {}, shared: false }) instanceof StreamConnection);
  assert.ok(openStream({ ...options, locks: {}, BroadcastChannel: class {} }) instanceof SharedStream);
});
