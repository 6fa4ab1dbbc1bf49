// What each document must hold: the one place where fields are checked, before anything of them is used.
// What a section cannot do without is required; a number that is missing or no number becomes null, which is shown as
// not known.
import { SCHEMA_VERSION } from '../config.js';
import { nameOf, startOf } from '../figures/time.js';

/**
 * A document that could not be read: its message is for people. kind: offline, timeout, absent, failed, large, bad,
 * newer, mixed.
 */
export class LoadError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

class Wrong extends Error {}

const wrong = (at, what) => {
  throw new Wrong(`${at || 'the document'} is not ${what}`);
};
const known = (value) => typeof value === 'number' && Number.isFinite(value);

/** Readers: each takes a value and where it stands, and gives the value to use or says what is wrong. */
const count = (value, at) => (Number.isSafeInteger(value) && value >= 0 ? value : wrong(at, 'a whole number'));
const number = (value, at) => (known(value) ? value : wrong(at, 'a number'));
const flag = (value, at) => (typeof value === 'boolean' ? value : wrong(at, 'true or false'));
const text = (value, at) => (typeof value === 'string' ? value.slice(0, 400) : wrong(at, 'a text'));
const time = (value, at) =>
  typeof value === 'string' && Number.isFinite(Date.parse(value)) ? value : wrong(at, 'a time');
const matching = (pattern, what) => (value, at) =>
  typeof value === 'string' && pattern.test(value) ? value : wrong(at, what);
const modelId = matching(/^0x[0-9a-f]{64}$/, 'a model id');
const address = matching(/^0x[0-9a-f]{40}$/, 'an address');
const file = matching(/^rollup\/performance(?:-current|\/[a-z0-9.-]{1,60})\.json$/, 'a file of cells');
const month = (value, at) =>
  typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(value) ? value : wrong(at, 'a month');
const day = (value, at) =>
  Number.isFinite(startOf(value)) && nameOf('day', startOf(value)) === value ? value : wrong(at, 'a day');
const bucket = (value, at) =>
  typeof value === 'string' && Number.isFinite(startOf(value)) ? value : wrong(at, 'a bucket of time');

/**
 * @param {(value: any, at: string) => any} reader
 * @param {any} otherwise what stands for a value that is not as it must be
 */
function maybe(reader, otherwise = null) {
  return (value, at) => {
    try {
      return reader(value, at);
    } catch {
      return otherwise;
    }
  };
}

function list(reader) {
  return (value, at) =>
    Array.isArray(value) ? value.map((one, i) => reader(one, `${at}[${i}]`)) : wrong(at, 'a list');
}

function object(fields) {
  const readers = Object.entries(fields);
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(at, 'an object');
    const read = {};
    for (const [key, reader] of readers)
      read[key] = reader(Object.hasOwn(value, key) ? value[key] : undefined, at ? `${at}.${key}` : key);
    return read;
  };
}

/** Places in a list of a document. */
function place(length) {
  return (value, at) =>
    Number.isInteger(value) && value >= 0 && value < length ? value : wrong(at, `a place in a list of ${length}`);
}

const numbers = (...keys) => Object.fromEntries(keys.map((key) => [key, maybe(number)]));

const HEAD = { asOfBlock: count, asOfTime: time };
const WINDOW = maybe(
  object(
    numbers(
      'sessionsClosed',
      'uniqueUsers',
      'uniqueProviders',
      'uniqueModels',
      'tpsP50',
      'ttftMsP50',
      'tpsSamples',
      'ttftSamples',
      'sessionsGateway',
    ),
  ),
  {},
);

const summary = object({
  ...HEAD,
  schemaVersion: count,
  generatedAt: text,
  network: text,
  diamond: text,
  methodologyVersion: maybe(count),
  methodology: maybe(object({ tpsClamp: maybe(number), legacyEstimateFrom: time, legacyEstimateUntil: time })),
  headBlock: maybe(count),
  lagBlocks: maybe(count),
  allTime: WINDOW,
  last24h: WINDOW,
  last7d: WINDOW,
  last30d: WINDOW,
  firstCloseAt: maybe(time),
  lastCloseAt: maybe(time),
  completeness: maybe(
    object({
      coverage: maybe(object({ startBlock: maybe(count), gaps: count, scannedFromStart: flag })),
      proof: maybe(object({ state: text, nonce: maybe(count), count: maybe(count), asOfBlock: maybe(count) })),
    }),
    {},
  ),
  stateProof: maybe(object({ block: count, sampled: count, proven: count, since: time })),
  documents: maybe(
    (value) => Object.fromEntries(Object.entries(value).filter(([, hash]) => typeof hash === 'string')),
    {},
  ),
});

const series = object({
  ...HEAD,
  buckets: list(
    object({
      bucket,
      ...numbers(
        'sessionsClosed',
        'sessionsDisputed',
        'sessionsFlagged',
        'sessionsWithTokens',
        'sessionsLegacyEst',
        'sessionsMissingTokens',
        'sessionsIdle',
        'sessionsClosedEarly',
        'tokens',
        'inputTokens',
        'outputTokens',
        'tokensLegacyEst',
        'tokensDisputed',
        'tokensFlagged',
        'sessionSeconds',
        'uniqueProviders',
        'uniqueModels',
        'sessionsGateway',
        'tokensGateway',
      ),
    }),
  ),
});

const index = object({
  ...HEAD,
  models: list(object({ id: modelId, name: maybe(text), type: maybe(text) })),
  providers: list(address),
  current: object({ month, file }),
  months: list(object({ month, file, bytes: maybe(count, 0) })),
});

/** The columns of the hours by model and provider: all of one length, places that are in the lists. */
function hourly(value, at) {
  const head = object({ ...HEAD, firstHour: time, models: list(modelId), providers: list(address) })(value, at);
  const unnamed = (length) => (one, where) => (one === -1 ? one : place(length)(one, where));
  const volumes = object({
    perHour: list(count),
    model: list(unnamed(head.models.length)),
    provider: list(unnamed(head.providers.length)),
    sessionsClosed: list(count),
    tokensReceipt: list(count),
    tokensFlagged: list(count),
    legacyMilliTokens: list(count),
    sessionSeconds: list(count),
  })(value.volumes, 'volumes');
  const { perHour, ...columns } = volumes;
  const cells = perHour.reduce((sum, n) => sum + n, 0);
  for (const [key, column] of Object.entries(columns))
    if (column.length !== cells) wrong(`volumes.${key}`, `a list of ${cells}`);
  return { ...head, volumes };
}

/** The numbers of cells are checked where they are unpacked, in cells.js. */
const cells = (value, at) => ({
  ...value,
  ...object({ month, models: list(modelId), providers: list(address) })(value, at),
});

function recommendations(value, at) {
  const head = object({
    ...HEAD,
    firstDay: day,
    days: count,
    models: list(object({ id: modelId, name: maybe(text) })),
    providers: list(address),
  })(value, at);
  const provider = place(head.providers.length);
  const candidate = object({
    provider,
    eligible: flag,
    samples: count,
    lacks: list(text),
    ...numbers('rank', 'p50', 'p50Low', 'p50High', 'users', 'activeDays', 'disputedPct', 'needsSamples'),
  });
  const one = object({
    model: place(head.models.length),
    measure: text,
    inputClass: maybe(text),
    outputClass: maybe(text),
    outcome: text,
    confidence: maybe(text),
    winner: maybe(provider),
    runnerUp: maybe(provider),
    gap: maybe(number),
    tied: maybe(list(provider), []),
    candidates: list(candidate),
  });
  const found = object({ recommendations: list(one) })(value, at).recommendations;
  for (const { outcome, winner, runnerUp, tied, candidates } of found) {
    const named = [...(outcome === 'winner' ? [winner, runnerUp] : []), ...tied];
    if (named.some((p) => !candidates.some((c) => c.provider === p)))
      wrong('recommendations', 'complete: a provider it names is no candidate');
  }
  return { ...head, recommendations: found };
}

const stuck = object({
  ...HEAD,
  stuckExpired: count,
  morLocked: maybe(number),
  openActive: maybe(count),
  closedWithoutEvent: maybe(count),
  byAge: maybe(object(numbers('under1h', 'from1hTo24h', 'over24h')), {}),
  topProviders: list(object({ provider: address, count: maybe(count), morLocked: maybe(number) })),
});

const RUNS = object({
  runs: count,
  failed: count,
  ...numbers('successPct', 'durationMsP50', 'durationMsP95', 'lagSecondsP95'),
});

const status = object({
  schemaVersion: count,
  generatedAt: time,
  version: maybe(text, 'unknown'),
  asOfBlock: maybe(count),
  asOfTime: maybe(time),
  gaps: maybe(count),
  proof: maybe(text, 'not known'),
  lastRunAt: maybe(time),
  lastOutcome: maybe(text),
  lastSuccessAt: maybe(time),
  last24h: RUNS,
  last7d: RUNS,
});

const READERS = {
  'summary.json': summary,
  'rollup/hourly.json': series,
  'rollup/hourly-cells.json': hourly,
  'rollup/daily.json': series,
  'rollup/daily-recent.json': series,
  'rollup/weekly.json': series,
  'rollup/monthly.json': series,
  'rollup/performance-index.json': index,
  'rollup/recommendations.json': recommendations,
  'stuck-sessions.json': stuck,
  'status.json': status,
};

/** The document with the fields that the page uses, each as it must be; a LoadError says what is wrong. */
export function checked(name, data) {
  if (typeof data !== 'object' || data === null || typeof data.schemaVersion !== 'number') {
    throw new LoadError('bad', `${name} is not a document of this kind: it has no schemaVersion.`);
  }
  if (data.schemaVersion > SCHEMA_VERSION) {
    throw new LoadError(
      'newer',
      `${name} has schema version ${data.schemaVersion}, this page reads version ${SCHEMA_VERSION}. Reload the page.`,
    );
  }
  try {
    return (READERS[name] ?? cells)(data, '');
  } catch (error) {
    if (error instanceof Wrong) throw new LoadError('bad', `${name} is not complete: ${error.message}.`);
    throw error;
  }
}
