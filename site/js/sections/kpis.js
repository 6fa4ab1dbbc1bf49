// The seven key figures: value, change, a line over time, and what they rest on.
import { failure } from '../page/card.js';
import { byId, h, replace } from '../page/dom.js';
import { receipt, tokens } from '../figures/amounts.js';
import { COMPARABLE_SHARE, DELTA_MIN_BASE } from '../config.js';
import { change, compact, decimal, exact, percent, plural, UNKNOWN } from '../figures/format.js';
import { needs, SPEED, speedOf } from '../figures/speed.js';
import { pace } from '../figures/pace.js';
import { spark } from '../draw/spark.js';

const hours = (a) => a.seconds / 3600;
const hoursText = (value) => decimal(value, 1);

/** @param {View} view */
export function renderKpis(view) {
  const { state } = view;
  const tokensOf = (a) => tokens(a, state);
  replace(
    byId('kpis'),
    volume(view, 'tokens', 'Tokens, in and out', tokensOf, exact),
    volume(view, 'sessions', 'Sessions closed', (a) => a.sessions, exact),
    volume(view, 'hours', 'Compute hours', hours, hoursText),
    FROM_CELLS.map(
      ([key, label]) => byId(`kpi-${key}`) ?? tile(key, label, { text: '…' }, 'reading cells', null, spark([]), '…'),
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

function tile(key, label, value, sub, delta, line, none = 'no earlier window to compare') {
  return h(
    'article',
    { class: 'kpi', id: `kpi-${key}` },
    h('h3', null, label),
    h('p', { class: 'kpi-value', 'data-value': Number.isFinite(value.raw) ? value.raw : '' }, value.text),
    h('p', { class: 'kpi-sub' }, sub),
    line,
    h(
      'p',
      { class: `kpi-delta ${delta?.dir ?? ''}` },
      delta ? [h('span', null, delta.text), ' ', h('small', null, delta.than)] : h('small', null, none),
    ),
  );
}

const ARROWS = { up: '▲ ', down: '▼ ', same: '' };

/** @param {View} view */
function deltaOf(view, now, before, base) {
  const found = change(now, before, base);
  if (!found) return null;
  const unit = { hour: 'hours', day: 'days', week: 'weeks', month: 'months' }[view.gran];
  return { dir: found.dir, text: ARROWS[found.dir] + found.text, than: `vs ${view.whole.length} ${unit} before` };
}

/** @type {[string, string, (view: View, key: any, label: string) => HTMLElement][]} */
const FROM_CELLS = [
  ['providers', 'Active providers', active],
  ['models', 'Active models', active],
  ['ttft', 'Median time to first token', median],
  ['tps', 'Median tokens per second', median],
];
/**
 * Why a figure made of cells is not compared; both: the cells of the two windows, where they are there.
 *
 * @param {View} view
 */
function reason(view, both = null) {
  if (rolling(view)) return 'rolling window: no comparison';
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
  const base = both && both.before.sessions >= DELTA_MIN_BASE ? 0 : Infinity;
  const why = key === 'tokens' && both ? incomparable(both) : null;
  const delta = both && !why ? deltaOf(view, of(both.now), of(both.before), base) : null;
  return tile(
    key,
    label,
    { raw: value, text: big(value, text) },
    subOf(key, value, view.total, text),
    delta,
    spark(points(view, of)),
    why ?? undefined,
  );
}

/** Why the tokens of two windows are not compared: their receipts do not say the same. Null where they do. */
export function incomparable({ now, before }) {
  if (now.sessions === 0 || before.sessions === 0) return null;
  const [share, shareBefore] = [now, before].map((a) => a.withTokens / a.sessions);
  if (Math.abs(share - shareBefore) <= COMPARABLE_SHARE) return null;
  return (
    `not compared: ${percent(now.withTokens, now.sessions)} of sessions have receipts with tokens, ` +
    `${percent(before.withTokens, before.sessions)} in the window before`
  );
}

const big = (value, text) => (value < 100_000 && text(value).length < 8 ? text(value) : compact(value));

function subOf(key, value, a, text) {
  const all = big(value, text) === text(value) ? [] : [text(value)];
  if (key === 'sessions') return [...all, `${exact(a.disputed)} disputed`].join(', ');
  if (key === 'hours') return [...all, 'paid session time'].join(', ');
  return all.length > 0 ? all[0] : 'as receipts state them';
}

/** @param {View} view */
function rolling(view) {
  return view.gran === 'hour' && !view.filtered
    ? view.store.summary[view.state.range === '24h' ? 'last24h' : 'last7d']
    : null;
}

/** @param {View} view */
function active(view, key, label) {
  const field = UNIQUE[key];
  const exactly = rolling(view);
  const value = exactly ? (exactly[field] ?? null) : view.speed?.[key];
  const both = view.speedComparison;
  const line = spark(
    view.filtered ? [] : points(view, () => 0).map((_, i, all) => bucketField(view, i, all.length, field)),
  );
  return tile(
    key,
    label,
    { raw: value, text: value === undefined ? '…' : exact(value) },
    exactly ? 'rolling window' : 'with a closed session',
    both && deltaOf(view, both.now[key], both.before[key], Infinity),
    line,
    reason(view, both),
  );
}

/** @param {View} view */
function bucketField(view, i, count, field) {
  const whole = view.whole.slice(-count);
  const value = view.seriesBuckets().get(whole[i]?.start)?.[field];
  return typeof value === 'number' ? value : null;
}

/** @param {View} view */
function median(view, kind, label) {
  const { format, scale } = SPEED[kind];
  const exactly = rolling(view);
  if (exactly) {
    const n = exactly[`${kind}Samples`];
    const value = exactly[kind === 'tps' ? 'tpsP50' : 'ttftMsP50'];
    if (n === null || n === undefined)
      return tile(kind, label, { text: UNKNOWN }, 'rolling window', null, spark([]), reason(view));
    return tile(
      kind,
      label,
      { raw: value, text: n >= 30 ? format(value) : `n=${exact(n)}` },
      n >= 30 ? `n=${exact(n)}, rolling window` : needs(30 - n),
      null,
      spark([]),
      reason(view),
    );
  }
  if (!view.speed)
    return tile(
      kind,
      label,
      { text: '…' },
      view.cells.error ? 'cells not available' : 'reading cells',
      null,
      spark([]),
    );
  const found = speedOf(view.speed.sum[kind], kind);
  if (found.lacks > 0)
    return tile(
      kind,
      label,
      { text: `n=${exact(found.n)}` },
      needs(found.lacks),
      null,
      spark([]),
      reason(view, view.speedComparison),
    );
  const both = view.speedComparison;
  const then = both && speedOf(both.before.sum[kind], kind);
  const now = both && speedOf(both.now.sum[kind], kind);
  const comparable = then && now && then.lacks === 0 && now.lacks === 0;
  const line = pace(view, kind).points.map((point) =>
    point.row.partial || point.p50.value === null ? null : point.p50.value,
  );
  return tile(
    kind,
    label,
    { raw: (found.value ?? 0) * scale, text: format(found.value) },
    `${format(found.low)}–${format(found.high)}, n=${exact(found.n)}`,
    comparable ? deltaOf(view, now.value, then.value, 0) : null,
    spark(line),
    reason(view, both),
  );
}

/**
 * The shares that must not stay hidden behind a total.
 *
 * @param {View} view
 */
function noteOf(view) {
  const a = view.total;
  if (a.sessions === 0) return [];
  const all = receipt(a);
  const withEstimates = 1000 * all + a.estMilli;
  const users = { '24h': 'last24h', '7d': 'last7d', '30d': 'last30d', all: 'allTime' }[view.state.range];
  const sessions = [`${percent(a.disputed, a.sessions)} of sessions disputed`, uniques(view, users)];
  const ofTokens = [
    `${percent(a.missing, a.sessions)} of sessions without known tokens (they add none)`,
    withEstimates > 0
      ? `${percent(a.disputedMilli, withEstimates)} of tokens from disputed sessions (of receipts and estimates, ` +
        `implausible ones included)`
      : null,
    a.tokensFlagged > 0
      ? `${percent(a.tokensFlagged, all)} of receipt tokens implausible, from ${plural(a.flagged, 'session')}: ` +
        `${view.state.flagged === '1' ? 'included' : 'left out'}`
      : null,
    a.estMilli > 0
      ? `${compact(a.estMilli / 1000)} estimated tokens (${percent(a.estMilli, withEstimates)} of all): ` +
        `${view.state.est === '1' ? 'included' : 'not included'}`
      : null,
  ];
  const line = (parts) => `${parts.filter(Boolean).join(' · ')}.`;
  return [
    h('p', null, h('strong', null, `${view.windowText[0].toUpperCase()}${view.windowText.slice(1)}. `), line(sessions)),
    h('p', null, line(ofTokens)),
  ];
}

const ROLLING = {
  last24h: 'in the rolling 24 hours',
  last7d: 'in the rolling 7 days',
  last30d: 'in the rolling ' + '30 days',
};

/** @param {View} view */
function uniques(view, window) {
  if (!window) return null;
  const what = `${exact(view.store.summary[window].uniqueUsers)} wallets ${ROLLING[window] ?? 'in all'}`;
  return view.filtered ? `${what} of all sessions: wallets cannot be filtered` : what;
}
