// The page's rules without a page. Run by JsRulesTest, beside a copy of site/js.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ofBucket, tokens, zero } from './js/figures/amounts.js';
import { decodeMonth, sumBy } from './js/data/cells.js';
import { cell, csv } from './js/page/csv.js';
import { checked, LoadError } from './js/data/documents.js';
import { change, compact, duration, exact, ms, percent, tps, UNKNOWN } from './js/figures/format.js';
import { freshness } from './js/sections/freshness.js';
import { incomparable, judge } from './js/sections/kpis.js';
import { isRising } from './js/sections/size.js';
import { coloured } from './js/figures/view.js';
import { plan } from './js/figures/plan.js';
import { bucketOf, middleOf, Sketch } from './js/data/sketch.js';
import { choicesOf, defaults, parse, toQuery } from './js/figures/state.js';
import { measured, missing, rankInterval, spearman, wilson } from './js/figures/stats.js';
import { floorTo, next, startOf } from './js/figures/time.js';

function dice(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const sketchOf = (values) => values.reduce((sketch, value) => (sketch.add(bucketOf(value), 1), sketch), new Sketch());

test('a bucket holds its values within 0.8 %', () => {
  for (let value = 0; value < 128; value++) assert.equal(middleOf(bucketOf(value)), value);
  for (const value of [128, 129, 1000, 4097, 65535, 1e6 + 1, 2 ** 32 - 1]) {
    assert.ok(Math.abs(middleOf(bucketOf(value)) - value) <= 0.008 * value, String(value));
  }
  assert.equal(bucketOf(2 ** 32 - 1), 1727);
});

test('percentiles of merged sketches are those of all values within 1 %', () => {
  const roll = dice(1);
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 1 + roll(400) }, () => roll(10 ** (1 + roll(7))));
    const parts = [new Sketch(), new Sketch(), new Sketch()];
    values.forEach((value) => parts[roll(3)].add(bucketOf(value), 1));
    const all = parts[0].merge(parts[1]).merge(parts[2]);
    const sorted = [...values].sort((a, b) => a - b);
    for (const p of [50, 95, 99]) {
      const real = sorted[Math.ceil((p * values.length) / 100) - 1];
      assert.ok(Math.abs(all.percentile(p) - real) <= 0.01 * real, `${all.percentile(p)} for ${real}`);
    }
  }
});

test('order-statistic intervals', () => {
  const expected = [
    [30, 50, 10, 21],
    [100, 50, 40, 61],
    [100, 95, 90, 100],
    [1000, 99, 983, 997],
    [6, 50, 1, 6],
    [72, 95, 64, 72],
  ];
  for (const [n, p, low, high] of expected) assert.deepEqual(rankInterval(n, p), [low, high], `${n} ${p}`);
  for (const [n, p] of [
    [5, 50],
    [71, 95],
    [367, 99],
  ])
    assert.equal(rankInterval(n, p), null);
  for (const [n, p] of [
    [6, 50],
    [72, 95],
    [368, 99],
    [200_000, 99],
  ])
    assert.notEqual(rankInterval(n, p), null);
});

test('gates at n - 1, n and n + 1', () => {
  for (const [p, n] of [
    [50, 30],
    [95, 72],
    [99, 368],
  ]) {
    assert.equal(missing(p, n - 1), 1);
    assert.equal(missing(p, n), 0);
    assert.equal(missing(p, n + 1), 0);
    assert.equal(measured(sketchOf(Array.from({ length: n - 1 }, (_, i) => i)), p).value, null);
    assert.notEqual(measured(sketchOf(Array.from({ length: n }, (_, i) => i)), p).value, null);
  }
});

test('rank correlation', () => {
  const rising = spearman([sketchOf(Array(40).fill(10)), sketchOf(Array(40).fill(20)), sketchOf(Array(40).fill(30))]);
  assert.ok(rising.rho > 0.999 && rising.low > 0.99);
  const roll = dice(5);
  const none = spearman([0, 1, 2].map(() => sketchOf(Array.from({ length: 60 }, () => roll(1000)))));
  assert.ok(none.low < 0 && none.high > 0);
  assert.equal(spearman([sketchOf(Array(29).fill(1)), new Sketch(), new Sketch()]).lacks, 1);
  assert.equal(spearman([sketchOf(Array(50).fill(1)), new Sketch(), new Sketch()]).rho, null);
});

test('a share has an interval inside 0 and 1', () => {
  assert.deepEqual(wilson(0, 10)[0], 0);
  assert.ok(wilson(10, 10)[1] <= 1 && wilson(10, 10)[0] > 0.7);
  assert.equal(wilson(0, 0), null);
});

test('no spreadsheet runs a cell', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\u200b=1',
    '\uff1d1',
    '=HYPERLINK("http://x")',
  ]) {
    assert.match(cell(text), /^"?'/, JSON.stringify(text));
  }
  assert.equal(cell(-5), '-5');
  assert.equal(cell('a"b'), '"a""b"');
  assert.equal(cell('plain'), 'plain');
  assert.equal(cell(null), '');
  assert.equal(cell(NaN), '');
  const columns = [
    { key: 'a', label: 'Time', unit: 'h', digits: 1 },
    { key: 'b', label: 'Name' },
  ];
  assert.equal(csv(columns, [{ a: 1.26, b: 'x,y' }]), 'Time (h),"Time (h), exact",Name\r\n1.3,1.26,"x,y"\r\n');
});

test('every state survives its link', () => {
  const roll = dice(9);
  const hex = (n) => `0x${Array.from({ length: n }, () => roll(16).toString(16)).join('')}`;
  for (let round = 0; round < 1000; round++) {
    const state = defaults();
    for (const key of Object.keys(state)) if (choicesOf(key)) state[key] = choicesOf(key)[roll(choicesOf(key).length)];
    state.model = Array.from({ length: roll(4) }, () => hex(64)).sort();
    state.provider = Array.from({ length: roll(4) }, () => hex(40)).sort();
    state.rec = roll(2) ? hex(64) : '';
    assert.deepEqual(parse(toQuery(state)), { state, ignored: [] });
  }
  assert.equal(toQuery(defaults()), '');
});

test('what a link gets wrong is left out and named', () => {
  const { state, ignored } = parse('?range=9d&model=0xzz&foo=<b>&utm_source=x&log=1');
  assert.deepEqual(state, { ...defaults(), log: '1' });
  assert.deepEqual(ignored, ['range=9d', 'model=0xzz']);
  const checksummed = '0x6aBE1d282f72B474E54527D93b979A4f64d3030a';
  const twice = parse(`?provider=${checksummed}&provider=0x${'1'.repeat(40)}&rec=0x${'AB'.repeat(32)}`);
  assert.deepEqual(twice.ignored, []);
  assert.deepEqual(twice.state.provider, [`0x${'1'.repeat(40)}`, checksummed.toLowerCase()]);
  assert.equal(twice.state.rec, `0x${'ab'.repeat(32)}`);
  const many = Array.from({ length: 62 }, (_, i) => `0x${i.toString(16).padStart(40, '0')}`);
  assert.deepEqual(parse(`?provider=${many}`).ignored, ['2 ids beyond 60 in provider']);
  assert.equal(parse(`?provider=${many}`).state.provider.length, 60);
});

test('numbers as text', () => {
  assert.equal(exact(1234567), '1,234,567');
  assert.equal(exact(12.6), '13');
  assert.equal(exact(undefined), UNKNOWN);
  assert.equal(exact(NaN), UNKNOWN);
  assert.equal(compact(12_558_981), '12.6M');
  assert.equal(compact(3e18), '3×10¹⁸');
  assert.equal(compact(999.9e12), '1×10¹⁵');
  assert.equal(compact(3_000_000e12), '3×10¹⁸');
  assert.equal(compact(999e12), '999T');
  assert.equal(ms(999), '999 ms');
  assert.equal(ms(3183), '3.18 s');
  assert.equal(tps(60.671), '60.7');
  assert.equal(percent(1, 0), UNKNOWN);
  assert.equal(percent(1, 5000), '<0.1%');
  assert.equal(percent(4999, 5000), '>99.9%');
  assert.equal(percent(1, 8), '12.5%');
  assert.equal(duration(0.2), 'less than a minute');
  assert.equal(duration(31), '31 min');
  assert.equal(duration(60 * 50), '2 days');
});

test('changes', () => {
  assert.deepEqual(change(150, 100, 30), { dir: 'up', text: '+50%' });
  assert.deepEqual(change(12, 10, 30), { dir: 'up', text: '+2' });
  assert.deepEqual(change(1200, 100, 30), { dir: 'up', text: '×12' });
  assert.equal(change(1, 1, 0).text, 'no change');
  assert.equal(change(1, null, 0), null);
});

test('age has thresholds and a state for a wrong clock', () => {
  const at = (minutes) => freshness(0, minutes * 60_000).state;
  assert.deepEqual([0, 30, 31, 90, 91, -1, -3].map(at), [
    'fresh',
    'fresh',
    'stale',
    'stale',
    'broken',
    'fresh',
    'ahead',
  ]);
});

test('buckets of time', () => {
  const sunday = Date.parse('2026-03-01T23:59:59Z');
  assert.equal(new Date(floorTo('week', sunday)).toISOString().slice(0, 10), '2026-02-23');
  assert.equal(new Date(next('month', Date.parse('2026-01-01T00:00:00Z'), -1)).toISOString().slice(0, 7), '2025-12');
  assert.equal(startOf('2026-04'), Date.parse('2026-04-01T00:00:00Z'));
  assert.ok(Number.isNaN(startOf(undefined)));
});

test('a window ends with a partial bucket, and what comes after it is not indexed', () => {
  const asOf = Date.parse('2026-04-16T13:21:18Z');
  const view = plan(defaults(), asOf, Date.parse('2026-01-01T00:00:00Z'), asOf + 3 * 86_400_000);
  assert.equal(view.gran, 'day');
  assert.equal(view.buckets.filter((bucket) => !bucket.later).length, 30);
  assert.deepEqual(
    view.buckets.slice(29).map(({ partial, later }) => [partial, later]),
    [
      [true, false],
      [false, true],
      [false, true],
      [false, true],
    ],
  );
  assert.equal(view.previous.length, 29);
  assert.equal(view.previous.at(-1).end, view.from);
});

test('hours are given up under a filter, and that is said', () => {
  const state = { ...defaults(), range: '24h', model: [`0x${'1'.repeat(64)}`] };
  const view = plan(state, Date.parse('2026-04-16T13:00:00Z'), 0, Date.parse('2026-04-16T13:00:00Z'));
  assert.equal(view.gran, 'day');
  assert.equal(view.notes.length, 1);
});

test('estimates and implausible tokens follow their switches', () => {
  const a = { ...zero(), input: 10, output: 5, estMilli: 2500, tokensFlagged: 4 };
  assert.equal(tokens(a, { est: '0', flagged: '1' }), 15);
  assert.equal(tokens(a, { est: '1', flagged: '0' }), 13.5);
  assert.ok(Number.isNaN(ofBucket({}).sessions));
});

test('cells are read, added up, and refused when they do not fit', () => {
  const amounts = [
    'sessionsClosed',
    'sessionsLegacyEst',
    'sessionsDisputed',
    'sessionsClosedEarly',
    'sessionsIdle',
    'sessionsFlagged',
    'inputTokens',
    'outputTokens',
    'legacyMilliTokens',
    'disputedMilliTokens',
    'tokensFlagged',
    'sessionSeconds',
    'ttftOver30s',
  ];
  const month = () => ({
    month: '2026-04',
    models: ['m'],
    providers: ['p', 'q'],
    keys: { model: [0, 0], provider: [0, 1], input: [0, -1], output: [1, -1] },
    cells: {
      perDay: [2, 1],
      key: [0, 1, 1],
      ...Object.fromEntries(amounts.map((key) => [key, [1, 2, 3]])),
      tpsSamples: [2, 0, 3],
      ttftSamples: [0, 0, 0],
      tpsSketch: [10, 5, 7, -2],
      ttftSketch: [],
    },
  });
  const places = (kind, id) => ({ m: 0, p: 0, q: 1 })[id];
  const block = decodeMonth(month(), places, 'x');
  const choice = {
    from: startOf('2026-04-01'),
    to: startOf('2026-04-03'),
    models: null,
    providers: null,
    inClass: null,
    outClass: null,
  };
  const byProvider = sumBy([block], choice, (b, i) => b.provider[i]);
  assert.equal(byProvider.get(1).sessions, 5);
  assert.equal(byProvider.get(0).withTokens, 1);
  assert.equal(byProvider.get(1).withTokens, 0);
  assert.deepEqual(byProvider.get(0).tps.entries(), [
    [10, 1],
    [15, 1],
  ]);
  assert.deepEqual(byProvider.get(1).tps.entries(), [[7, 3]]);
  const sessionsOf = (size) => sumBy([block], { ...choice, ...size }, () => 0).get(0)?.sessions;
  assert.deepEqual(
    [{}, { inClass: 0 }, { outClass: 1 }, { outClass: 0 }, { inClass: 0, outClass: 1 }].map(sessionsOf),
    [6, 1, 1, undefined, 1],
  );
  const short = month();
  short.cells.tpsSketch.pop();
  assert.throws(() => decodeMonth(short, places, 'x'), /ends too early/);
  const uneven = month();
  uneven.cells.inputTokens.pop();
  assert.throws(() => decodeMonth(uneven, places, 'x'), /inputTokens/);
  const words = month();
  words.cells.sessionSeconds[1] = '2';
  assert.throws(() => decodeMonth(words, places, 'x'), /sessionSeconds/);
  const stray = month();
  stray.cells.key[2] = 9;
  assert.throws(() => decodeMonth(stray, places, 'x'), /which there is not/);
  const large = month();
  large.cells.tpsSketch[0] = 9999;
  assert.throws(() => decodeMonth(large, places, 'x'), /bucket/);
});

const AT = { schemaVersion: 1, asOfBlock: 9, asOfTime: '2026-04-16T13:21:18Z' };
const DOCUMENTS = {
  'summary.json': { ...AT, generatedAt: 'x', network: 'base', diamond: '0x' },
  'rollup/daily.json': { ...AT, buckets: [{ bucket: '2026-04-16', sessionsClosed: 3 }] },
  'rollup/performance-index.json': {
    ...AT,
    models: [{ id: `0x${'1'.repeat(64)}` }],
    providers: [`0x${'1'.repeat(40)}`],
    current: { month: '2026-04', file: 'rollup/performance-current.json' },
    months: [{ month: '2026-03', file: 'rollup/performance/2026-03.0a.json' }],
  },
  'rollup/recommendations.json': {
    ...AT,
    firstDay: '2026-03-18',
    days: 30,
    models: [{ id: `0x${'1'.repeat(64)}` }],
    providers: [`0x${'1'.repeat(40)}`],
    recommendations: [
      {
        model: 0,
        measure: 'tps',
        outcome: 'too-few',
        candidates: [{ provider: 0, eligible: false, samples: 3, lacks: ['samples'] }],
      },
    ],
  },
  'stuck-sessions.json': { ...AT, stuckExpired: 1, topProviders: [{ provider: `0x${'1'.repeat(40)}`, count: 1 }] },
  'rollup/performance-current.json': { schemaVersion: 1, month: '2026-04', models: [], providers: [] },
};
const NONSENSE = [null, 'x', -1, 1.5, NaN, {}, [], [null], true, '2026-99-99', '../../secret.json'];

/** Every place in a document, as a way to it. */
function places(value, way = []) {
  if (typeof value !== 'object' || value === null) return [way];
  return [
    ...(way.length > 0 ? [way] : []),
    ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...way, key])),
  ];
}

test('a field that is not as it must be is refused by its name or becomes not known', () => {
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    assert.equal(checked(name, document).asOfBlock, document.asOfBlock);
    for (const way of places(document)) {
      for (const nonsense of NONSENSE) {
        const copy = structuredClone(document);
        const last = way.slice(0, -1).reduce((inner, key) => inner[key], copy);
        last[way.at(-1)] = nonsense;
        try {
          const read = checked(name, copy);
          assert.ok(name.endsWith('current.json') || Number.isFinite(Date.parse(read.asOfTime)), `${name} ${way}`);
          assert.ok(
            [read.current, ...(read.months ?? [])].every((one) => !one || one.file.startsWith('rollup/performance')),
          );
          for (const { bucket } of read.buckets ?? []) assert.equal(bucket, '2026-04-16');
        } catch (error) {
          assert.ok(error instanceof LoadError, `${name} ${way}: ${error}`);
          assert.ok(error.message.startsWith(name), error.message);
        }
      }
    }
  }
  assert.throws(() => checked('summary.json', { schemaVersion: 1 }), /asOfBlock is not a whole number/);
  assert.throws(() => checked('summary.json', { ...DOCUMENTS['summary.json'], schemaVersion: 2 }), /Reload the page/);
  assert.equal(checked('rollup/daily.json', DOCUMENTS['rollup/daily.json']).buckets[0].sessionsIdle, null);
});

test('tokens are compared where receipts say the same', () => {
  const a = (sessions, withTokens) => ({ ...zero(), sessions, withTokens });
  assert.equal(incomparable({ now: a(100, 98), before: a(50, 45) }), null);
  assert.match(incomparable({ now: a(100, 98), before: a(50, 40) }), /98.0% of sessions .* 80.0% had them before/);
  assert.equal(incomparable({ now: a(100, 98), before: a(0, 0) }), null);
});

test('a change of a median is clear only where the intervals do not meet, and says which way is better', () => {
  const found = (low, value, high) => ({ n: 100, lacks: 0, low, value, high });
  assert.equal(judge(found(90, 100, 110), found(105, 120, 130), 'ttft'), 'same');
  assert.equal(judge(found(90, 100, 110), found(111, 120, 130), 'ttft'), 'better');
  assert.equal(judge(found(111, 120, 130), found(90, 100, 110), 'ttft'), 'worse');
  assert.equal(judge(found(111, 120, 130), found(90, 100, 110), 'tps'), 'better');
  assert.equal(judge(found(90, 100, 110), found(111, 120, 130), 'tps'), 'worse');
});

test('other is at most half while there is room for another colour', () => {
  assert.equal(coloured([50, 20, 10, 5, 5, 5, 3, 2]), 6);
  assert.equal(coloured([1, 1, 1, 1, 1, 1, 1]), 7);
  assert.equal(coloured(Array(14).fill(1)), 7);
  assert.equal(coloured(Array(40).fill(1)), 12);
  assert.equal(coloured([3]), 1);
  assert.equal(coloured([]), 0);
});

test('only a rising relation is called an artefact', () => {
  assert.equal(isRising({ rho: 0.4, low: 0.1 }), true);
  assert.equal(isRising({ rho: 0.4, low: -0.1 }), false);
  assert.equal(isRising({ rho: -0.4, low: -0.6 }), false);
  assert.equal(isRising({ rho: null }), false);
});
