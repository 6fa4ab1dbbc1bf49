// The seven key figures: value, what it rests on, a line over time, and the change against the window before.
import { failure } from '../page/card.js';
import { byId, h, replace } from '../page/dom.js';
import { receipt, tokens } from '../figures/amounts.js';
import { COMPARABLE_SHARE, GATES } from '../config.js';
import { change, compact, decimal, exact, percent, plural, UNKNOWN } from '../figures/format.js';
import { SPEED, speedOf } from '../figures/speed.js';
import { pace } from '../figures/pace.js';
import { spark } from '../draw/spark.js';

const hours = (a) => a.seconds / 3600;
const hoursText = (value) => decimal(value, 1);

/** @type {[string, string, (view: View, key: any, label: string) => HTMLElement][]} */
const FROM_CELLS = [
  ['providers', 'Active providers', active],
  ['models', 'Active models', active],
  ['ttft', 'Time to first token', median],
  ['tps', 'Tokens per second', median],
];

/** @param {View} view */
export function renderKpis(view) {
  const { state } = view;
  replace(
    byId('kpis'),
    volume(view, 'tokens', 'Tokens', (a) => tokens(a, state), exact),
    volume(view, 'sessions', 'Sessions closed', (a) => a.sessions, exact),
    volume(view, 'hours', 'Compute hours', hours, hoursText),
    FROM_CELLS.map(
      ([key, label]) => byId(`kpi-${key}`) ?? tile(key, label, { text: '…', sub: ['reading cells'], none: '…' }),
    ),
  );
  replace(byId('kpi-note'), noteOf(view));
}

/**
 * The figures that cells must be added up for: after the frame that shows the others.
 *
 * @param {View} view
 */
export function renderKpisFromCells(view) {
  for (const [key, label, make] of FROM_CELLS) byId(`kpi-${key}`).replaceWith(make(view, key, label));
}

/** While the series is being read, and where it cannot be read. */
export function renderNoKpis(error, store) {
  if (!error) return byId('kpis').setAttribute('aria-busy', 'true');
  replace(byId('kpi-note'));
  return replace(
    byId('kpis'),
    failure(error, null, () => store.retry()),
  );
}

/**
 * @param {string} key
 * @param {string} label
 * @param {{text: string, raw?: number | null, sub: string[], line?: (number | null)[], delta?: any, none?: string}} of
 *   sub: lines below the value; none: why there is no change
 */
function tile(key, label, { text, raw, sub, line = [], delta = null, none = 'no earlier window' }) {
  return h(
    'article',
    { class: 'kpi', id: `kpi-${key}` },
    h('h3', { title: label }, label),
    h('p', { class: 'kpi-value', 'data-value': Number.isFinite(raw) ? raw : '' }, text),
    h(
      'p',
      { class: 'kpi-sub' },
      sub.filter(Boolean).map((part) => h('span', null, part)),
    ),
    spark(line),
    h(
      'p',
      { class: `kpi-delta ${delta?.tone ?? ''}` },
      delta ? [h('span', null, delta.text), h('small', null, delta.than)] : h('small', null, none),
    ),
  );
}

const ARROWS = { up: '▲ ', down: '▼ ', same: '' };

/** @param {View} view */
const than = (view) => {
  const unit = { hour: 'hours', day: 'days', week: 'weeks', month: 'months' }[view.gran];
  return `vs ${view.whole.length} ${unit} before`;
};

/** @param {View} view */
function deltaOf(view, now, before, base) {
  const found = change(now, before, base);
  return found && { text: ARROWS[found.dir] + found.text, than: than(view) };
}

/**
 * Why a figure made of cells is not compared; both: the cells of the two windows, where they are there.
 *
 * @param {View} view
 */
function reason(view, both = null) {
  if (rolling(view)) return 'rolling: not compared';
  if (both) return 'too few samples to compare';
  return view.comparison ? 'cells of the window before not read' : undefined;
}
const UNIQUE = { providers: 'uniqueProviders', models: 'uniqueModels' };

/** @param {View} view */
function points(view, of) {
  return view.rows
    .filter((row) => !row.later && !row.partial)
    .slice(-60)
    .map((row) => (row.a ? of(row.a) : null));
}

/** @param {View} view */
function volume(view, key, label, of, text) {
  const { comparison: both } = view;
  const value = of(view.total);
  // A change from fewer than 30 sessions is shown as a difference only.
  const base = both && both.before.sessions >= GATES.sessions ? 0 : Infinity;
  const differs = key === 'tokens' && both !== null && incomparable(both) !== null;
  return tile(key, label, {
    raw: value,
    text: big(value, text),
    sub: subOf(key, value, view.total, text),
    line: points(view, of),
    delta: both && !differs ? deltaOf(view, of(both.now), of(both.before), base) : null,
    none: differs ? 'not compared: receipts differ' : undefined,
  });
}

/** Why the tokens of two windows are not compared: their receipts do not say the same. Null where they do. */
export function incomparable({ now, before }) {
  if (now.sessions === 0 || before.sessions === 0) return null;
  const [share, shareBefore] = [now, before].map((a) => a.withTokens / a.sessions);
  if (Math.abs(share - shareBefore) <= COMPARABLE_SHARE) return null;
  return (
    `Tokens are not compared with the window before: ${percent(now.withTokens, now.sessions)} of sessions have ` +
    `receipts with tokens now, ${percent(before.withTokens, before.sessions)} had them before.`
  );
}

const big = (value, text) => (value < 100_000 && text(value).length < 8 ? text(value) : compact(value));

function subOf(key, value, a, text) {
  const all = big(value, text) === text(value) || text(value).length > 18 ? [] : [text(value)];
  if (key === 'sessions') return [...all, `${exact(a.disputed)} disputed (${percent(a.disputed, a.sessions)})`];
  if (key === 'hours') return [...all, 'paid session time'];
  return [...all, 'input and output'];
}

/**
 * The rolling window of the summary that stands for a view by hours; it ends at the block, not with an hour.
 *
 * @param {View} view
 */
function rolling(view) {
  if (view.gran !== 'hour' || view.filtered) return null;
  return view.store.summary[view.state.range === '24h' ? 'last24h' : 'last7d'];
}

/** @param {View} view */
const rollingText = (view) => (view.state.range === '24h' ? 'last 24 hours, rolling' : 'last 168 hours, rolling');

/** @param {View} view */
function active(view, key, label) {
  const field = UNIQUE[key];
  const exactly = rolling(view);
  const value = exactly ? (exactly[field] ?? null) : view.speed?.[key];
  const both = view.speedComparison;
  const line = view.filtered ? [] : points(view, () => 0).map((_, i, all) => bucketField(view, i, all.length, field));
  return tile(key, label, {
    raw: value,
    text: value === undefined ? '…' : exact(value),
    sub: [exactly ? rollingText(view) : 'with a closed session'],
    line,
    delta: both && deltaOf(view, both.now[key], both.before[key], Infinity),
    none: value === undefined ? '…' : reason(view, both),
  });
}

/** @param {View} view */
function bucketField(view, i, count, field) {
  const whole = view.whole.slice(-count);
  const value = view.seriesBuckets().get(whole[i]?.start)?.[field];
  return typeof value === 'number' ? value : null;
}

/** @param {View} view */
function median(view, kind, label) {
  const exactly = rolling(view);
  if (exactly) return rollingMedian(view, kind, label, exactly);
  if (!view.speed) {
    const sub = [view.cells.error ? 'cells not available' : 'reading cells'];
    return tile(kind, label, { text: '…', sub, none: '…' });
  }
  const { format, scale } = SPEED[kind];
  const found = speedOf(view.speed.sum[kind], kind);
  const both = view.speedComparison;
  if (found.lacks > 0) return gated(kind, label, found.n, reason(view, both));
  return tile(kind, label, {
    raw: (found.value ?? 0) * scale,
    text: format(found.value),
    sub: [`${format(found.low)}–${format(found.high)}`, `median, n=${exact(found.n)}`],
    line: pace(view, kind).points.map(({ row, p50 }) => (row.partial || p50.value === null ? null : p50.value)),
    delta: both && medianChange(view, kind, both),
    none: reason(view, both),
  });
}

/** Below the gate of a median. */
function gated(kind, label, n, none) {
  return tile(kind, label, { text: '–', sub: [`${exact(n)} of ${GATES[50]} samples`, 'needed for a median'], none });
}

/** @param {View} view */
function rollingMedian(view, kind, label, exactly) {
  const n = exactly[`${kind}Samples`] ?? null;
  const value = exactly[kind === 'tps' ? 'tpsP50' : 'ttftMsP50'];
  if (n === null) return tile(kind, label, { text: UNKNOWN, sub: [rollingText(view)], none: reason(view) });
  if (n < GATES[50]) return gated(kind, label, n, reason(view));
  const sub = [`median, n=${exact(n)}`, rollingText(view)];
  return tile(kind, label, { raw: value, text: SPEED[kind].format(value), sub, none: reason(view) });
}

/**
 * The change of a median: none is clear where the intervals overlap, and each is better or worse.
 *
 * @param {View} view
 */
function medianChange(view, kind, both) {
  const [now, then] = [both.now, both.before].map(({ sum }) => speedOf(sum[kind], kind));
  if (now.lacks > 0 || then.lacks > 0) return null;
  const judged = judge(now, then, kind);
  if (judged === 'same') return { text: 'no clear change', than: than(view) };
  const found = change(now.value, then.value, 0);
  return found && { text: `${ARROWS[found.dir]}${found.text}, ${judged}`, tone: judged, than: than(view) };
}

/**
 * 'better', 'worse', or 'same' where the two 95 % intervals overlap or one is not known.
 *
 * @param {Measured} now
 * @param {Measured} then
 */
export function judge(now, then, kind) {
  if (now.low === null || now.high === null || then.low === null || then.high === null) return 'same';
  if (now.low <= then.high && then.low <= now.high) return 'same';
  const isLonger = (now.value ?? 0) > (then.value ?? 0);
  return isLonger === (kind === 'tps') ? 'better' : 'worse';
}

/**
 * The shares that must not stay hidden behind a total, each with the figure that it is a share of.
 *
 * @param {View} view
 */
function noteOf(view) {
  const a = view.total;
  if (a.sessions === 0) return [];
  const all = receipt(a);
  const withEstimates = 1000 * all + a.estMilli;
  const sessions = [`${percent(a.missing, a.sessions)} of sessions have no known tokens and add none`, wallets(view)];
  const ofTokens = [
    withEstimates > 0
      ? `Disputed sessions hold ${percent(a.disputedMilli, withEstimates)} of the ${compact(withEstimates / 1000)} ` +
        `tokens in receipts and estimates`
      : null,
    a.tokensFlagged > 0
      ? `${percent(a.tokensFlagged, all)} of the ${compact(all)} tokens in receipts are implausible, from ` +
        `${plural(a.flagged, 'session')}: ${view.state.flagged === '1' ? 'included' : 'left out'}`
      : null,
    a.estMilli > 0
      ? `${compact(a.estMilli / 1000)} estimated tokens (${percent(a.estMilli, withEstimates)} of receipts and ` +
        `estimates): ${view.state.est === '1' ? 'included' : 'not included'}`
      : null,
  ];
  const line = (parts) => {
    const text = parts.filter(Boolean).join('. ');
    return text ? `${text}.` : '';
  };
  const both = view.comparison;
  return [
    h('p', null, h('strong', null, `${view.rangeText}: ${view.windowText}. `), line(sessions)),
    h('p', null, line(ofTokens)),
    both && incomparable(both) ? h('p', null, incomparable(both)) : null,
  ];
}

const ROLLING = {
  '24h': ['last24h', 'in the last 24 hours'],
  '7d': ['last7d', 'in the last 168 hours'],
  '30d': ['last30d', 'in the last 720 hours'],
  all: ['allTime', 'in all'],
};

/**
 * Wallets are counted in rolling windows, which are not the window of whole days above.
 *
 * @param {View} view
 */
function wallets(view) {
  const found = ROLLING[view.state.range];
  if (!found) return null;
  const what = `${exact(view.store.summary[found[0]].uniqueUsers)} wallets ${found[1]}`;
  return view.filtered ? `${what}, of all sessions: wallets cannot be filtered` : what;
}
