// An `HttpAgent` of npm `@ag-ui/client`, unmodified, told what to do by lines of JSON.
//
// It says every frame as it comes over the wire, and each command's outcome with one line.

import { createInterface } from "node:readline";
import { HttpAgent } from "@ag-ui/client";

const { url, headers, threadId, messages, state } = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function tell(stream) {
  let text = "";
  try {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const frame of frames) tellFrame(frame);
    }
    say({ on: "closed", rest: text });
  } catch (error) {
    say({ on: "cut", message: String(error) });
  }
}

function tellFrame(frame) {
  const lines = frame.split("\n").filter((line) => !line.startsWith(":"));
  const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  if (lines.length > 0) say({ on: "frame", id: field("id"), event: JSON.parse(field("data")) });
}

// When its connection is cut, the agent leaves a rejected promise behind.
process.on("unhandledRejection", (error) => say({ on: "unhandled", message: String(error) }));

const agent = new HttpAgent({
  url,
  headers,
  threadId,
  initialMessages: messages,
  initialState: state,
  // What the agent reads is read here as well; it is the agent's own option.
  fetch: async (address, init) => {
    const response = await fetch(address, init);
    say({ on: "answer", status: response.status, type: response.headers.get("content-type") });
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!response.ok || !isStream) return response;
    const [forAgent, forTest] = response.body.tee();
    tell(forTest);
    return new Response(forAgent, { status: response.status, headers: response.headers });
  },
});

const acts = {
  run: async ({ text, id, name, ...given }) => {
    if (text !== undefined) agent.addMessage({ id: id ?? crypto.randomUUID(), role: "user", content: text });
    const errors = [];
    const subscriber = { onRunErrorEvent: ({ event }) => void errors.push(event) };
    const { result, newMessages } = await agent.runAgent({ runId: name, ...given }, subscriber);
    return { result, newMessages, errors };
  },
  abort: async () => agent.abortRun(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...given } = JSON.parse(line);
  acts[act](given)
    .then((more) => ({ ...more }))
    .catch((error) => ({ failed: { message: error.message, status: error.status, payload: error.payload } }))
    .then((more) => {
      const { messages, state, pendingInterrupts } = agent;
      say({ on: "done", act, messages, state, pendingInterrupts, ...more });
    });
}
