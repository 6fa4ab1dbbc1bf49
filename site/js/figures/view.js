// Everything a state shows, computed from the documents that are there. No part of the page computes for itself.
import { measure, ofBucket, total, zero } from './amounts.js';
import { IN_CLASSES, MOST_SERIES, OUT_CLASSES, RANGES, RECENT_DAYS, SERIES } from '../config.js';
import { sumBy, Sum } from '../data/cells.js';
import { bucketName } from './format.js';
import { plan } from './plan.js';
import { isFiltered } from './state.js';
import { DAY, floorTo, HOUR, nameOf, startOf } from './time.js';

const HOURLY_CELLS = 'rollup/hourly-cells.json';

export const SERIES_DOCS = {
  hour: 'rollup/hourly.json',
  day: 'rollup/daily.json',
  week: 'rollup/weekly.json',
  month: 'rollup/monthly.json',
};

const placeIn = (classes, wanted) => (wanted === 'any' ? null : classes.indexOf(wanted));

/** How many series get a colour: six, and more while the rest would be more than half of all. */
export function coloured(sums) {
  const all = sums.reduce((a, b) => a + b, 0);
  let shown = 0;
  for (let n = 0; n < sums.length; n++) {
    if (n >= MOST_SERIES || (n >= SERIES && n + 1 < sums.length && all - shown <= all / 2)) return n;
    shown += sums[n];
  }
  return sums.length;
}

export class View {
  /**
   * @param {State} state
   * @param {Store} store with a summary
   * @param {number} now
   */
  constructor(state, store, now) {
    const summary = store.summary;
    this.state = state;
    this.store = store;
    this.now = now;
    this.asOf = Date.parse(summary.asOfTime);
    this.filtered = isFiltered(state);
    const planned = plan(state, this.asOf, Date.parse(summary.firstCloseAt), now);
    this.gran = planned.gran;
    this.from = planned.from;
    this.buckets = planned.buckets;
    this.whole = planned.whole;
    this.previous = planned.previous;
    this.notes = planned.notes;
    this.seriesName = this.gran === 'day' && this.isRecent ? 'rollup/daily-recent.json' : SERIES_DOCS[this.gran];
    /** The last bucket that is indexed, in part at least. */
    this.last = this.buckets.filter((bucket) => !bucket.later).at(-1) ?? this.buckets[0];
    this.to = this.last.end;
    const places = (kind) =>
      state[kind].length === 0 ? null : new Set(state[kind].map((id) => store.index[kind].get(id) ?? -2));
    this.choice = {
      from: floorTo('day', this.from),
      to: this.to,
      models: places('model'),
      providers: places('provider'),
      inClass: placeIn(IN_CLASSES, state.in),
      outClass: placeIn(OUT_CLASSES, state.out),
    };
    // Totals first: the cells are asked for once the first figures are there.
    const first = this.filtered || store.data(this.seriesName) || store.error(this.seriesName);
    this.cells = first ? store.cells(this.choice.from, this.choice.to) : { blocks: null, error: null };
    /** @type {Map<string, any>} */
    this.memo = new Map();
  }

  once(key, compute) {
    if (!this.memo.has(key)) this.memo.set(key, compute());
    return this.memo.get(key);
  }

  /** The cells of the window's days, which the caller has found to be there. @returns {Block[]} */
  get blocks() {
    return this.cells.blocks ?? [];
  }

  /** Whether the short document of days has the window and what it is compared with. */
  get isRecent() {
    return Math.min(this.from, this.previous[0]?.start ?? this.from) > floorTo('day', this.asOf) - RECENT_DAYS * DAY;
  }

  /** The range in words: whole UTC days or hours, unlike the rolling windows of the summary. */
  get rangeText() {
    const { range } = this.state;
    const n = this.buckets.filter(({ later }) => !later).length;
    if (range === 'all') return 'All time';
    if (this.gran === 'hour') return `Last ${n} UTC hours`;
    const days = range === '24h' ? 2 : RANGES[range];
    return `Last ${days} UTC days${this.gran === 'day' ? '' : `, in whole ${this.gran}s`}`;
  }

  /** The window for the name of a file. */
  get span() {
    return `${nameOf('day', this.from)}_${nameOf('day', this.last.start)}`;
  }

  /** The window in words. */
  get windowText() {
    const { last } = this;
    const first = bucketName(this.from, this.gran, true);
    return last.start === this.from ? first : `${first} to ${bucketName(last.start, this.gran, true)}`;
  }

  /** The days that sections drawn from cells are of: the window, or the whole days that its hours touch. */
  get daysText() {
    if (this.gran !== 'hour') return this.windowText;
    return (
      `the whole UTC days ${bucketName(this.choice.from, 'day', true)} to ` +
      `${bucketName(floorTo('day', this.asOf), 'day', true)}`
    );
  }

  /**
   * Sums of the chosen cells, made once for each name. Only where `cells.blocks` are there.
   *
   * @param {string} key
   * @param {KeyOf} keyOf
   * @returns {Map<number, Sum>}
   */
  sums(key, keyOf, sketches = true, choice = this.choice) {
    return this.once(key, () => sumBy(this.blocks, choice, keyOf, sketches));
  }

  bucketIndex(buckets = this.buckets) {
    const index = new Map();
    buckets.forEach((bucket, i) => {
      for (let day = bucket.start; day < bucket.end; day += DAY) index.set(day, i);
    });
    return (day) => index.get(day) ?? -1;
  }

  /** What keeps the figures from being shown: {error} or {loading}; null when they are there. */
  get pending() {
    if (this.filtered) return this.cells.blocks ? null : { error: this.cells.error };
    this.store.need(this.seriesName);
    return this.store.data(this.seriesName) ? null : { error: this.store.error(this.seriesName) };
  }

  seriesBuckets() {
    return this.once(
      'series',
      () => new Map(this.store.data(this.seriesName).buckets.map((bucket) => [startOf(bucket.bucket), bucket])),
    );
  }

  amountsOf(buckets) {
    if (!this.filtered) {
      const from = this.seriesBuckets();
      return buckets.map(({ start, later }) => (later ? null : from.has(start) ? ofBucket(from.get(start)) : null));
    }
    const index = this.bucketIndex(buckets);
    const choice = { ...this.choice, from: buckets[0].start, to: buckets.at(-1).end };
    const cells = this.store.cells(choice.from, Math.min(choice.to, this.to));
    if (!cells.blocks) return null;
    const sums = sumBy(cells.blocks, choice, (block, i) => index(block.day[i]), false);
    return buckets.map(({ later }, i) => (later ? null : (sums.get(i) ?? zero())));
  }

  /** One entry a bucket: the bucket and its amounts, null where there are none. @returns {Row[]} */
  get rows() {
    return this.once('rows', () => {
      const amounts = this.amountsOf(this.buckets);
      return this.buckets.map((bucket, i) => ({ ...bucket, a: amounts[i] }));
    });
  }

  get total() {
    return this.once('total', () => total(this.rows.filter((row) => row.a).map((row) => row.a)));
  }

  /**
   * {now, before}: amounts of the whole buckets and of as many before; null where the ones before are not all there.
   */
  get comparison() {
    return this.once('comparison', () => {
      if (this.previous.length === 0) return null;
      const first = Date.parse(this.store.summary.firstCloseAt);
      if (Number.isNaN(first) || this.previous[0].start < floorTo(this.gran, first)) return null;
      const before = this.amountsOf(this.previous);
      if (!before || before.some((a) => a === null)) return null;
      return {
        now: total(this.rows.filter((row) => row.a && !row.partial).map((row) => row.a)),
        before: total(before),
      };
    });
  }

  /** Sums of cells over whole buckets and over those before, for medians and actives; null while cells are missing. */
  get speedComparison() {
    return this.once('speedComparison', () => {
      if (!this.comparison || this.gran === 'hour') return null;
      const from = this.previous[0].start;
      const to = this.whole[this.whole.length - 1].end;
      if (!this.store.isLight(from, to)) return null;
      const cells = this.store.cells(from, to);
      if (!cells.blocks) return null;
      const of = (a, b) => summary(cells.blocks, { ...this.choice, from: a, to: b });
      return { now: of(this.whole[0].start, to), before: of(from, this.from) };
    });
  }

  /** {sum, models, providers} over the window's days; null while cells are missing. */
  get speed() {
    return this.once('speed', () => (this.cells.blocks ? summary(this.cells.blocks, this.choice) : null));
  }

  /** Series of the main chart, from the bottom up. @returns {Series[]} */
  get stack() {
    return this.once('stack', () => {
      const values = this.rows.map((row) => row.a && measure(row.a, this.state));
      const drawn = this.state.measure === 'tokens' && this.state.est === '1' && this.total.estMilli > 0;
      const estimates = drawn ? [this.estimates] : [];
      const split = this.splitSums;
      if (!split) return [{ label: 'All', id: null, kind: 0, values }, ...estimates];
      return [...this.ranked(split, values), ...estimates];
    });
  }

  /** A share of one total says nothing: it takes two series. */
  get canShare() {
    return this.stack.length > 1;
  }

  get isShare() {
    return this.state.share === '1' && this.canShare;
  }

  get isLog() {
    return this.state.log === '1' && !this.isShare;
  }

  get estimates() {
    return {
      label: 'Estimated tokens',
      id: null,
      kind: 'est',
      values: this.rows.map((row) => row.a && row.a.estMilli / 1000),
    };
  }

  get splitSums() {
    if (this.state.stack === 'none') return null;
    if (this.gran === 'hour') return this.hourSums;
    if (!this.cells.blocks) return null;
    const index = this.bucketIndex();
    const n = this.buckets.length;
    const dim = this.state.stack;
    return this.sums(
      `split ${dim}`,
      (block, i) => (block[dim][i] < 0 ? -1 : block[dim][i] * n + index(block.day[i])),
      false,
    );
  }

  /** What the split rests on: {ready, error}. */
  /** The documents that the cells of the window's days are in. */
  get cellSources() {
    return ['rollup/performance-index.json', ...this.store.monthFiles(this.choice.from, this.choice.to)];
  }

  /** The documents that the main chart is drawn from. */
  get sources() {
    if (this.filtered) return this.cellSources;
    if (this.state.stack === 'none') return [this.seriesName];
    return [this.seriesName, ...(this.gran === 'hour' ? [HOURLY_CELLS] : this.cellSources)];
  }

  get splitSource() {
    if (this.gran !== 'hour') return { ready: this.cells.blocks !== null, error: this.cells.error };
    this.store.need(HOURLY_CELLS);
    return { ready: this.store.data(HOURLY_CELLS) !== null, error: this.store.error(HOURLY_CELLS) };
  }

  /** Amounts of each hour of the window by model or provider; null while they are read. */
  get hourSums() {
    if (!this.splitSource.ready) return null;
    return this.once(`hours by ${this.state.stack}`, () => {
      const doc = this.store.data(HOURLY_CELLS);
      const dim = this.state.stack;
      const { perHour, ...columns } = doc.volumes;
      const places = doc[`${dim}s`].map((id) => this.store.placeOf(dim, id));
      const index = new Map(this.buckets.map(({ start }, i) => [start, i]));
      const sums = new Map();
      let at = 0;
      perHour.forEach((count, hour) => {
        const i = index.get(startOf(doc.firstHour) + hour * HOUR);
        for (const end = at + count; at < end; at++) {
          const place = columns[dim][at];
          if (i === undefined || place < 0) continue;
          const key = places[place] * this.buckets.length + i;
          if (!sums.has(key)) sums.set(key, zero());
          addHour(sums.get(key), columns, at);
        }
      });
      return sums;
    });
  }

  ranked(split, values) {
    const n = this.buckets.length;
    const byPlace = new Map();
    for (const [key, sum] of split) {
      const place = Math.floor(key / n);
      if (!byPlace.has(place)) byPlace.set(place, { sum: 0, values: new Array(n).fill(0) });
      const entry = byPlace.get(place);
      const value = measure(sum, this.state);
      entry.values[key % n] += value;
      entry.sum += value;
    }
    const order = [...byPlace].sort((a, b) => b[1].sum - a[1].sum || a[0] - b[0]);
    const series = order
      .slice(0, coloured(order.map(([, { sum }]) => sum)))
      .map(([place, entry], i) => this.oneSeries(place, i, entry.values));
    const shown = (i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0);
    const rest = values.map((value, i) => (value === null ? null : Math.max(0, value - shown(i))));
    const noise = 1e-6 * Math.max(1, ...values.map((value) => value ?? 0));
    if (rest.some((value) => value > noise)) series.push(this.others(order.slice(series.length), rest));
    return series.length > 0 ? series : [{ label: 'All', id: null, kind: 0, values }];
  }

  /** @param {any[]} left those without a series of their own; none where only unnamed sessions are left */
  others(left, values) {
    const dim = this.state.stack;
    const label = left.length > 0 ? `Other (${left.length} ${dim}s)` : `${dim} not known`;
    const parts = left.map(([place, entry]) => ({ label: this.label(dim, place), values: entry.values }));
    return { label, id: null, kind: 'other', values, parts };
  }

  oneSeries(place, kind, values) {
    const { id } = this.store.names[this.state.stack][place];
    return {
      label: this.label(this.state.stack, place),
      id,
      kind,
      values: values.map((value, i) => (this.rows[i].a ? value : null)),
    };
  }

  /** A model's name or a provider's short address; two models of one name are told apart by their ids. */
  label(kind, place) {
    const entry = this.store.names[kind][place];
    if (kind === 'provider') return `${entry.id.slice(0, 6)}…${entry.id.slice(-4)}`;
    if (!entry.name) return `${entry.id.slice(0, 8)}…`;
    const twins = this.once('twins', () => {
      const seen = new Map();
      for (const { name } of this.store.names.model) seen.set(name, (seen.get(name) ?? 0) + 1);
      return seen;
    });
    return twins.get(entry.name) > 1 ? `${entry.name} ${entry.id.slice(0, 6)}` : entry.name;
  }
}

function addHour(sum, columns, at) {
  sum.sessions += columns.sessionsClosed[at];
  // Input and output are not told apart by hour.
  sum.input += columns.tokensReceipt[at];
  sum.tokensFlagged += columns.tokensFlagged[at];
  sum.estMilli += columns.legacyMilliTokens[at];
  sum.seconds += columns.sessionSeconds[at];
}

function summary(blocks, choice) {
  const models = new Set();
  const providers = new Set();
  const sums = sumBy(blocks, choice, (block, i) => {
    if (block.sessions[i] > 0) {
      if (block.model[i] >= 0) models.add(block.model[i]);
      if (block.provider[i] >= 0) providers.add(block.provider[i]);
    }
    return 0;
  });
  return { sum: sums.get(0) ?? new Sum(), models: models.size, providers: providers.size };
}
