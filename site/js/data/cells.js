// The published cells: one for each day, model, provider and size of session. Any choice of them adds up exactly.
import { LoadError } from './documents.js';
import { BUCKETS, Sketch } from './sketch.js';
import { DAY, startOf } from '../figures/time.js';

const AMOUNTS = {
  sessions: 'sessionsClosed',
  legacy: 'sessionsLegacyEst',
  disputed: 'sessionsDisputed',
  early: 'sessionsClosedEarly',
  idle: 'sessionsIdle',
  flagged: 'sessionsFlagged',
  input: 'inputTokens',
  output: 'outputTokens',
  estMilli: 'legacyMilliTokens',
  disputedMilli: 'disputedMilliTokens',
  tokensFlagged: 'tokensFlagged',
  seconds: 'sessionSeconds',
  slow: 'ttftOver30s',
  tpsSamples: 'tpsSamples',
  ttftSamples: 'ttftSamples',
};

function column(source, key, n, name) {
  const values = source?.[key];
  if (!Array.isArray(values) || values.length !== n)
    throw new LoadError('bad', `${name}: ${key} does not have ${n} values.`);
  const numbers = Float64Array.from(values);
  if (values.some((value) => typeof value !== 'number') || numbers.some((value) => !Number.isInteger(value))) {
    throw new LoadError('bad', `${name}: ${key} holds something else than whole numbers.`);
  }
  return numbers;
}

function columns(source, keys, name) {
  const lengths = keys.map((key) => (Array.isArray(source?.[key]) ? source[key].length : -1));
  return Object.fromEntries(keys.map((key) => [key, column(source, key, Math.max(0, lengths[0]), name)]));
}

/** Where each row's part of a sketch column starts; refuses parts that do not fit. */
function offsets(codes, samples, name) {
  const starts = new Int32Array(samples.length + 1);
  let at = 0;
  for (let i = 0; i < samples.length; i++) {
    starts[i] = at;
    for (let bucket = 0, seen = 0; seen < samples[i]; ) {
      const n = codes[at++];
      if (n === undefined) throw new LoadError('bad', `${name}: a sketch ends too early.`);
      if (n >= 0) bucket += n;
      seen += n < 0 ? -n : 1;
      if (bucket >= BUCKETS) throw new LoadError('bad', `${name}: a sketch has bucket ${bucket}.`);
    }
  }
  starts[samples.length] = at;
  return starts;
}

/** Reads a month's document; `indexOf` gives the page's own place of a model id or provider address. */
export function decodeMonth(data, indexOf, name) {
  const { cells } = data;
  const keys = columns(data.keys, ['model', 'provider', 'input', 'output'], name);
  const { perDay } = columns(cells, ['perDay'], name);
  const n = perDay.reduce((sum, count) => sum + count, 0);
  const models = data.models.map((id) => indexOf('model', id));
  const providers = data.providers.map((id) => indexOf('provider', id));
  const block = {
    n,
    day: new Float64Array(n),
    model: new Int32Array(n),
    provider: new Int32Array(n),
    inClass: new Int8Array(n),
    outClass: new Int8Array(n),
  };
  const delta = column(cells, 'key', n, name);
  let at = 0;
  perDay.forEach((count, dayOfMonth) => {
    const day = startOf(data.month) + dayOfMonth * DAY;
    for (let i = 0, key = 0; i < count; i++, at++) {
      key += delta[at];
      if (keys.model[key] === undefined)
        throw new LoadError('bad', `${name}: a cell has key ${key}, which there is not.`);
      block.day[at] = day;
      block.model[at] = models[keys.model[key]] ?? -1;
      block.provider[at] = providers[keys.provider[key]] ?? -1;
      block.inClass[at] = keys.input[key];
      block.outClass[at] = keys.output[key];
    }
  });
  for (const [key, field] of Object.entries(AMOUNTS)) block[key] = column(cells, field, n, name);
  const sketches = {
    tps: columns(cells, ['tpsSketch'], name).tpsSketch,
    ttft: columns(cells, ['ttftSketch'], name).ttftSketch,
  };
  block.tps = Int32Array.from(sketches.tps);
  block.ttft = Int32Array.from(sketches.ttft);
  block.tpsAt = offsets(block.tps, block.tpsSamples, name);
  block.ttftAt = offsets(block.ttft, block.ttftSamples, name);
  return block;
}

function addSketch(sketch, codes, from, to) {
  for (let at = from, bucket = 0; at < to; at++) {
    const n = codes[at];
    if (n >= 0) sketch.add((bucket += n), 1);
    else sketch.add(bucket, -n);
  }
}

/** A sum of cells, with the sketches of both speeds. */
export class Sum {
  constructor() {
    this.sessions = 0;
    this.disputed = 0;
    this.flagged = 0;
    this.withTokens = 0;
    this.legacy = 0;
    this.missing = 0;
    this.idle = 0;
    this.early = 0;
    this.input = 0;
    this.output = 0;
    this.estMilli = 0;
    this.disputedMilli = 0;
    this.tokensFlagged = 0;
    this.seconds = 0;
    this.slow = 0;
    /** @type {number | null} */
    this.lastDay = null;
    this.tps = new Sketch();
    this.ttft = new Sketch();
  }

  add(block, i, withSketches = true) {
    // Written out: this runs for every cell of every sum, and a loop over names takes ten times as long.
    this.sessions += block.sessions[i];
    this.legacy += block.legacy[i];
    this.disputed += block.disputed[i];
    this.early += block.early[i];
    this.idle += block.idle[i];
    this.flagged += block.flagged[i];
    this.input += block.input[i];
    this.output += block.output[i];
    this.estMilli += block.estMilli[i];
    this.disputedMilli += block.disputedMilli[i];
    this.tokensFlagged += block.tokensFlagged[i];
    this.seconds += block.seconds[i];
    this.slow += block.slow[i];
    if (block.inClass[i] >= 0) this.withTokens += block.sessions[i];
    this.missing = this.sessions - this.withTokens - this.legacy;
    if (this.lastDay === null || block.day[i] > this.lastDay) this.lastDay = block.day[i];
    if (!withSketches) return;
    addSketch(this.tps, block.tps, block.tpsAt[i], block.tpsAt[i + 1]);
    addSketch(this.ttft, block.ttft, block.ttftAt[i], block.ttftAt[i + 1]);
  }
}

/** The first cell of a day or later: cells stand day by day. */
function firstAt(days, day) {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle] < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether a cell is of the chosen models and providers (sets or null) and sizes (class numbers or null), whatever its
 * day.
 */
export function fits({ models, providers, inClass, outClass }, block, i) {
  if (models && !models.has(block.model[i])) return false;
  if (providers && !providers.has(block.provider[i])) return false;
  return (inClass === null || inClass === block.inClass[i]) && (outClass === null || outClass === block.outClass[i]);
}

/** Sums of the chosen cells by key; a key below 0 leaves a cell out. `choice`: from, to (exclusive), and what fits. */
export function sumBy(blocks, choice, keyOf, withSketches = true) {
  const sums = new Map();
  for (const block of blocks) {
    const last = firstAt(block.day, choice.to);
    for (let i = firstAt(block.day, choice.from); i < last; i++) {
      if (!fits(choice, block, i)) continue;
      const key = keyOf(block, i);
      if (key < 0) continue;
      let sum = sums.get(key);
      if (sum === undefined) sums.set(key, (sum = new Sum()));
      sum.add(block, i, withSketches);
    }
  }
  return sums;
}
