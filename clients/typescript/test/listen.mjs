// Prints what a client hears, one JSON a line, and does what standard input says. ClientsTest runs it.
// usage: node listen.mjs URL '{"channel": "sessions", "min_stage": "safe", "transport": "sse", ...}'
import { createInterface } from 'node:readline';
import { LiveClient } from 'morpheus-throughput-live';

const print = (value) => console.log(JSON.stringify(value));
const failed = (error) => print({ error: error.message, code: error.code, name: error.name });
const narrowed = ({ events, providers, models, min_stage }) => ({ events, providers, models, minStage: min_stage });

const given = JSON.parse(process.argv[3] ?? '{}');
const live = new LiveClient(process.argv[2], {
  ...narrowed(given),
  channel: given.channel,
  resumeFrom: given.resume_from,
  fromBlock: given.from_block,
  maxQueue: given.max_queue,
  ...(given.transport === 'sse' ? { WebSocket: null } : {}),
  backoff: () => 20,
  onGap: (gap) => print({ gap }),
  onRetry: ({ code, reason }) => print({ retry: { code, reason } }),
});

let go = () => {};
const held = given.held ? new Promise((resolve) => (go = resolve)) : Promise.resolve();
const commands = {
  subscribe: async (wanted) => (await live.subscribe(narrowed(wanted)), null),
  resume: (timeout) => live.waitForResume(timeout),
  get: (name) => live[name](),
  position: () => live.position ?? null,
  go: () => (go(), null),
  close: () => (live.close(), null),
};
const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  const [[name, value]] = Object.entries(JSON.parse(line));
  try {
    print({ answer: await commands[name](value) });
  } catch (error) {
    failed(error);
  }
});
try {
  await held;
  for await (const event of live) {
    print(event);
  }
  print({ over: true });
} catch (error) {
  failed(error);
}
input.close();
