// A year of 40 models x 60 providers as the documents that the page reads, in the form of docs/format.md.
// node generate.mjs DIRECTORY
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { bucketOf } from './sketch.mjs';

const out = process.argv[2];
const DAY = 86_400_000;
const AS_OF = Date.parse('2026-11-20T13:20:00Z');
const [MODELS, PROVIDERS, SESSIONS_A_DAY] = [40, 60, 700];
let state = 11;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const hex = (n) => `0x${Array.from({ length: n }, () => Math.floor(random() * 16).toString(16)).join('')}`;
const models = Array.from({ length: MODELS }, () => hex(64)).sort();
const providers = Array.from({ length: PROVIDERS }, () => hex(40)).sort();
const skewed = (n) => Math.floor(n * random() ** 2);
const AMOUNTS = ['sessionsClosed', 'sessionsLegacyEst', 'sessionsDisputed', 'sessionsClosedEarly', 'sessionsIdle', 'sessionsFlagged', 'inputTokens', 'outputTokens', 'legacyMilliTokens', 'disputedMilliTokens', 'tokensFlagged', 'sessionSeconds', 'ttftOver30s', 'tpsSamples', 'ttftSamples'];
const head = { schemaVersion: 1, network: 'base', diamond: '0x6abe1d282f72b474e54527d93b979a4f64d3030a', asOfBlock: 54_000_000, asOfTime: new Date(AS_OF).toISOString().replace('.000', ''), generatedAt: new Date(AS_OF + 60_000).toISOString().replace('.000', '') };

function write(name, document) {
  const file = path.join(out, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const text = `${JSON.stringify(document)}\n`;
  fs.writeFileSync(file, text);
  return createHash('sha256').update(text).digest('hex');
}

function codes(values) {
  const found = [];
  let at = 0;
  for (const bucket of values.map(bucketOf).sort((a, b) => a - b)) {
    if (bucket === at && found.length > 0 && found.at(-1) < 0) found[found.length - 1]--;
    else found.push(bucket === at && found.length > 0 ? -1 : bucket - at);
    at = bucket;
  }
  return found;
}

function session() {
  const [input, output] = [Math.floor(Math.exp(3 + 8 * random())), Math.floor(Math.exp(3 + 7 * random()))];
  const provider = skewed(PROVIDERS);
  return {
    key: [skewed(MODELS), provider, input < 1000 ? 0 : input < 10_000 ? 1 : 2, output < 500 ? 0 : output < 4000 ? 1 : 2], input, output, seconds: 60 + Math.floor(random() * 7000), disputed: random() < 0.05,
    tps: Math.floor(1000 * (20 + provider + 30 * random())), ttft: Math.floor(300 + 3000 * random() * random()),
  };
}

/** The hours by model and provider, as rollup/hourly-cells.json has them. */
function addHour(time, { key: [model, provider], input, output, seconds }) {
  const cells = hours[(time - FIRST_HOUR) / HOUR];
  if (!cells || time > AS_OF) return;
  const place = model * PROVIDERS + provider;
  const cell = cells.get(place) ?? { model, provider, sessionsClosed: 0, tokensReceipt: 0, tokensFlagged: 0, legacyMilliTokens: 0, sessionSeconds: 0 };
  cell.sessionsClosed++;
  cell.tokensReceipt += input + output;
  cell.sessionSeconds += seconds;
  cells.set(place, cell);
}

const order = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
const total = () => Object.fromEntries(AMOUNTS.map((key) => [key, 0]));
const days = [];
const HOUR = 3_600_000;
const FIRST_HOUR = AS_OF - (AS_OF % HOUR) - 335 * HOUR;
const hours = Array.from({ length: 336 }, () => new Map());
const months = new Map();
for (let day = AS_OF - (AS_OF % DAY) - 364 * DAY; day <= AS_OF; day += DAY) {
  const cells = new Map();
  for (let i = 0; i < SESSIONS_A_DAY * (day + DAY > AS_OF ? 0.55 : 0.6 + 0.4 * random()); i++) {
    const one = session();
    const name = one.key.join();
    addHour(day + (i % 24) * HOUR, one);
    if (!cells.has(name)) cells.set(name, { key: one.key, ...total(), tps: [], ttft: [] });
    const cell = cells.get(name);
    cell.sessionsClosed++;
    cell.inputTokens += one.input;
    cell.outputTokens += one.output;
    cell.sessionSeconds += one.seconds;
    if (one.disputed) {
      cell.sessionsDisputed++;
      cell.disputedMilliTokens += 1000 * (one.input + one.output);
    } else {
      cell.tpsSamples++;
      cell.ttftSamples++;
      cell.tps.push(one.tps);
      cell.ttft.push(one.ttft);
    }
  }
  const sorted = [...cells.values()].sort((a, b) => order(a.key, b.key));
  const month = new Date(day).toISOString().slice(0, 7);
  if (!months.has(month)) months.set(month, []);
  months.get(month).push(sorted);
  days.push([day, sorted.reduce((sum, cell) => { for (const key of AMOUNTS) sum[key] += cell[key]; return sum; }, total())]);
}

function bucket(name, parts) {
  const sum = total();
  for (const part of parts) for (const key of AMOUNTS) sum[key] += part[key];
  const tokens = sum.inputTokens + sum.outputTokens;
  // No two days alike, to as many digits as the indexer writes: what repeats would compress too well.
  const about = (value, digits) => Number((value * (0.9 + 0.2 * random())).toFixed(digits));
  const speed = { avgTps: about(60, 3), avgTpsClamped: about(60, 3), avgTtftMs: about(1500, 3), tpsP50: about(60, 3), tpsP95: about(98, 3), tpsP99: about(109, 3), ttftMsP50: about(1183, 0), ttftMsP95: about(3007, 0), ttftMsP99: about(3212, 0) };
  return { bucket: name, sessionsOpened: sum.sessionsClosed, ...Object.fromEntries(AMOUNTS.slice(0, 6).map((key) => [key, sum[key]])), sessionsWithTokens: sum.sessionsClosed, sessionsMissingTokens: 0, tokens, tokensReceipt: tokens, inputTokens: sum.inputTokens, outputTokens: sum.outputTokens, tokensLegacyEst: 0, tokensDisputed: sum.disputedMilliTokens / 1000, tokensFlagged: 0, sessionSeconds: sum.sessionSeconds, ...speed, tpsSamples: sum.tpsSamples, ttftSamples: sum.ttftSamples, uniqueUsers: 200 + skewed(99), uniqueProviders: 50 + skewed(9), uniqueModels: 30 + skewed(9), morStake: about(1234, 6), morPaid: about(123, 6), morEarned: about(123, 6), sessionsGateway: Math.floor(sum.sessionsClosed / 2), tokensGateway: Math.floor(tokens / 2) };
}

function series(name, granularity, nameOf) {
  const groups = new Map();
  for (const [day, sum] of days) groups.set(nameOf(day), [...(groups.get(nameOf(day)) ?? []), sum]);
  return write(`rollup/${name}.json`, { ...head, granularity, buckets: [...groups].map(([key, parts]) => bucket(key, parts)) });
}

function monthDocument(month, perDay, withHead) {
  const names = new Map();
  for (const cell of perDay.flat()) names.set(cell.key.join(), cell.key);
  const keys = [...names.values()].sort(order);
  const place = new Map(keys.map((key, i) => [key.join(), i]));
  const cells = { perDay: perDay.map((day) => day.length), key: perDay.flatMap((day) => { let last = 0; return day.map((cell) => { const at = place.get(cell.key.join()); const step = at - last; last = at; return step; }); }) };
  for (const key of AMOUNTS) cells[key] = perDay.flat().map((cell) => cell[key]);
  cells.tpsSketch = perDay.flat().flatMap((cell) => codes(cell.tps));
  cells.ttftSketch = perDay.flat().flatMap((cell) => codes(cell.ttft));
  const { schemaVersion, network, diamond } = head;
  return { ...(withHead ? head : { schemaVersion, network, diamond }), methodologyVersion: 1, month, models, providers, keys: Object.fromEntries(['model', 'provider', 'input', 'output'].map((key, i) => [key, keys.map((one) => one[i])])), cells };
}

function recent(name) {
  const { buckets, ...rest } = JSON.parse(fs.readFileSync(path.join(out, name), 'utf8'));
  return write('rollup/daily-recent.json', { ...rest, buckets: buckets.slice(-60) });
}

const iso = (day) => new Date(day).toISOString();
const documents = {
  'rollup/daily.json': series('daily', 'day', (day) => iso(day).slice(0, 10)),
  'rollup/daily-recent.json': recent('rollup/daily.json'),
  'rollup/weekly.json': series('weekly', 'week', (day) => iso(day - ((new Date(day).getUTCDay() + 6) % 7) * DAY).slice(0, 10)),
  'rollup/monthly.json': series('monthly', 'month', (day) => iso(day).slice(0, 7)),
};
const listed = [];
const all = [...months];
for (const [month, perDay] of all.slice(0, -1)) {
  const document = monthDocument(month, perDay, false);
  const sha = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  const file = `rollup/performance/${month}.${sha.slice(0, 8)}.json`;
  write(file, document);
  listed.push({ month, file, sha256: sha, bytes: JSON.stringify(document).length, firstDay: `${month}-01`, lastDay: `${month}-28`, sessionsClosed: 0 });
}
const [month, perDay] = all.at(-1);
documents['rollup/performance-current.json'] = write('rollup/performance-current.json', monthDocument(month, perDay, true));
// The page does not read it; it is there with the weight it has.
const groups = monthDocument(month, [...all.at(-2)[1], ...perDay].slice(-30), false);
const named = models.map((id, i) => ({ id, name: `model-${i}-instruct`, type: 'LLM', tags: ['llm', 'tee'] }));
documents['rollup/performance.json'] = write('rollup/performance.json', { ...head, methodologyVersion: 1, firstDay: iso(AS_OF - 29 * DAY).slice(0, 10), days: 30, models: named, providers, groups: grouped(groups) });
documents['rollup/performance-index.json'] = write('rollup/performance-index.json', { ...head, methodologyVersion: 1, models: named, providers, current: { month, file: 'rollup/performance-current.json' }, months: listed });
const sortedHours = hours.map((cells) => [...cells].sort((a, b) => a[0] - b[0]).map(([, cell]) => cell));
const volumes = { perHour: sortedHours.map((cells) => cells.length) };
for (const key of ['model', 'provider', 'sessionsClosed', 'tokensReceipt', 'tokensFlagged', 'legacyMilliTokens', 'sessionSeconds']) volumes[key] = sortedHours.flat().map((cell) => cell[key]);
documents['rollup/hourly-cells.json'] = write('rollup/hourly-cells.json', { ...head, firstHour: iso(FIRST_HOUR).replace('.000', ''), models, providers, volumes });
documents['rollup/recommendations.json'] = write('rollup/recommendations.json', { ...head, methodologyVersion: 1, firstDay: iso(AS_OF - 29 * DAY).slice(0, 10), days: 30, rules: {}, models: named, providers, recommendations: [] });
documents['stuck-sessions.json'] = write('stuck-sessions.json', { ...head, stuckExpired: 0, morLocked: 0, byAge: { under1h: 0, from1hTo24h: 0, over24h: 0 }, topProviders: [], openActive: 12, closedWithoutEvent: 0 });
const window = bucket('x', days.slice(-30).map(([, sum]) => sum));
write('summary.json', { ...head, methodologyVersion: 1, cursorBlock: head.asOfBlock, headBlock: head.asOfBlock + 20, lagBlocks: 20, allTime: window, last24h: window, last7d: window, last30d: window, disputedPctLast30d: 5, stuckExpired: 0, firstCloseAt: iso(days[0][0]).replace('.000', ''), lastCloseAt: head.asOfTime, completeness: { coverage: { startBlock: 39_593_197, intervals: 1, gaps: 0, scannedFromStart: true }, proof: { state: 'proven', count: 200_000, asOfBlock: head.asOfBlock } }, documents });

function grouped({ keys, cells }) {
  const n = keys.model.length;
  const columns = Object.fromEntries(AMOUNTS.map((key) => [key, cells[key].slice(0, n)]));
  const speeds = Object.fromEntries(['tpsP50', 'tpsP95', 'tpsP99', 'ttftMsP50', 'ttftMsP95', 'ttftMsP99'].flatMap((key) => ['', 'Low', 'High'].map((end) => [key + end, new Array(n).fill(null)])));
  return { ...keys, ...columns, ...speeds, tpsSketch: cells.tpsSketch, ttftSketch: cells.ttftSketch };
}
