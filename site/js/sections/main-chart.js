// The main chart: tokens, sessions or hours over time, split by model or provider.
import { drawLines, drawStack, stacked, swatch } from '../draw/bars.js';
import { empty, fill, pending } from '../page/card.js';
import { MEASURES } from '../config.js';
import { h, name, s } from '../page/dom.js';
import { bucketName, compact, decimal, exact, percent } from '../figures/format.js';
import { plot } from '../draw/plot.js';
import { linear, logarithmic } from '../draw/scale.js';
import { DAY, nameOf } from '../figures/time.js';
import { chartControls } from '../page/controls.js';
import { gatewayLine } from './gateways.js';

/** Rows of a tooltip for those without a colour: as many as fit beside a chart in two columns. */
const TIP_ROWS = 30;
const MOST_CLOCKS = 48;

/** @param {View} view */
export function renderMainChart(view, change) {
  if (view.pending) return pending('main-chart', view.pending.error, view.store);
  const { state } = view;
  const unit = MEASURES[state.measure].unit;
  const text = (value) => (state.measure === 'hours' ? decimal(value, 1) : exact(value));
  const series = view.stack;
  /** @type {(number | null)[]} */
  const totals = view.rows.map((row, i) => (row.a ? series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0) : null));
  const all = sumOf(totals);
  const data = dataOf(view, series, totals, text, unit);
  const body = [chartControls(view, change), ...view.notes.map((note) => h('p', { class: 'note' }, note))];
  const split = splitNote(view);
  if (split) body.push(split);
  if (!(all > 0))
    body.push(
      empty(
        `No ${unit} in ${view.windowText}${view.filtered ? ' for this choice' : ''}. Choose a longer ` +
          `range${view.filtered ? ' or reset the filters' : ''}.`,
      ),
    );
  else body.push(figure(view, series, totals, all, text, unit), legend(series, all, text, view, change), keyOf(view));
  const gateways = gatewayLine(view);
  if (gateways) body.push(h('p', { class: 'note' }, gateways));
  return fill('main-chart', body, { data, asTable: true, sources: view.sources });
}

/** @param {(number | null)[]} values @returns {number} */
const sumOf = (values) => values.reduce((/** @type {number} */ sum, value) => sum + (value ?? 0), 0);

/** @param {View} view */
function splitNote(view) {
  if (view.state.stack === 'none') return null;
  const { ready, error } = view.splitSource;
  if (error) return h('p', { class: 'note' }, `The split is not available: ${error.message}`);
  return ready ? null : h('p', { class: 'note legend' }, 'Totals are shown; the split is being read.');
}

/** @param {View} view */
function figure(view, series, totals, all, text, unit) {
  const { state } = view;
  const { isLog: log, isShare: share } = view;
  const flat = series.flatMap((one) => one.values).filter((value) => value > 0);
  const scale = share
    ? linear(100, 4)
    : log
      ? logarithmic(Math.min(...flat), Math.max(...flat))
      : linear(Math.max(...totals.map((value) => value ?? 0)), 4, state.measure !== 'hours');
  const long = (i) => bucketName(view.rows[i].start, view.gran, true);
  const rows = view.rows.map((row) => ({ ...row, label: axisLabel(row.start, view) }));
  const layers = stacked(series, true);
  const part = (k, i) => `${decimal(layers[k][i].high - layers[k][i].low, 1)}%`;
  const state_ = (row) =>
    row.later ? ', not indexed yet' : row.a === null ? ', no sessions known' : row.partial ? ', in progress' : '';
  const say = (i, line) => {
    const head = `${long(i)}${state_(rows[i])}`;
    if (totals[i] === null) return head;
    return line >= 0 && series[line]
      ? `${head}: ${series[line].label} ${text(series[line].values[i])} ${unit}, ${part(line, i)}`
      : `${head}: ${text(totals[i])} ${unit} in all`;
  };
  const tip = (i, line) =>
    [
      h('p', { class: 'tip-head' }, long(i), h('span', null, state_(rows[i]).replace(', ', ''))),
      totals[i] === null ? null : h('p', { class: 'tip-total' }, `${text(totals[i])} ${unit}`),
      totals[i] === null || series.length < 2
        ? null
        : h(
            'ul',
            null,
            series
              .map((one, k) => [one, k])
              .filter(([one]) => one.values[i] > 0)
              .reverse()
              .map(([one, k]) =>
                h(
                  'li',
                  { class: k === line ? 'on' : null },
                  swatch(one.kind),
                  name(one.label),
                  h('b', null, compact(one.values[i])),
                  h('span', null, part(k, i)),
                ),
              ),
            within(series, i),
          ),
    ].filter(Boolean);
  const title = `${MEASURES[state.measure].label} by ${view.gran}`;
  const chart = plot({
    key: 'main',
    title,
    rows,
    scale,
    size: 'plot-main',
    lines: series.length,
    changes: state.measure === 'tokens' ? changes(view) : [],
    say,
    tip,
    tick: share ? (value) => `${value}%` : compact,
    draw: (g) => (log ? drawLines(series, rows, g) : drawStack(series, rows, share, g)),
  });
  return h('figure', null, h('figcaption', { class: 'sr' }, sentence(view, totals, all, text, unit, title)), chart);
}

/** Hours of more than two days are named by their days, at midnight. */
function axisLabel(start, view) {
  if (view.gran !== 'hour' || view.rows.length <= MOST_CLOCKS) return bucketName(start, view.gran);
  return start % DAY === 0 ? bucketName(start, 'day') : '';
}

/** Those that the series of the others stands for, most first. @param {Series[]} series @param {number} i */
function within(series, i) {
  const parts = (series.find(({ kind }) => kind === 'other')?.parts ?? [])
    .map(({ label, values }) => ({ label, value: values[i] }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  const rest = parts.slice(TIP_ROWS);
  const items = parts
    .slice(0, TIP_ROWS)
    .map(({ label, value }) => h('li', { class: 'within' }, name(label), h('b', null, compact(value))));
  return rest.length === 0
    ? items
    : [
        ...items,
        h(
          'li',
          { class: 'within' },
          h('span', null, `and ${rest.length} more`),
          h('b', null, compact(sumOf(rest.map(({ value }) => value)))),
        ),
      ];
}

/**
 * Dated changes of what receipts say, drawn into charts over time.
 *
 * @param {View} view
 */
function changes(view) {
  const { methodology } = view.store.summary;
  return methodology
    ? [{ at: Date.parse(methodology.legacyEstimateUntil), text: 'receipts state tokens from here' }]
    : [];
}

/** @param {View} view */
function sentence(view, totals, all, text, unit, title) {
  /** @type {any[]} rows with their totals */
  const known = view.rows.map((row, i) => [row, totals[i]]).filter(([, value]) => value !== null);
  const top = known.reduce((a, b) => (b[1] > a[1] ? b : a));
  const [first, last] = [known[0], known[known.length - 1]];
  const named = ([row, value]) => `${text(value)} in ${bucketName(row.start, view.gran, true)}`;
  return (
    `${title}, ${view.windowText}: ${text(all)} ${unit} in all. First ${named(first)}, last ${named(last)}, ` +
    `most ${named(top)}.`
  );
}

function legend(series, all, text, view, change) {
  if (series.length < 2 && series[0].id === null) return null;
  return h(
    'ul',
    { class: 'legend' },
    [...series].map((one) => {
      const sum = one.values.reduce((total, value) => total + (value ?? 0), 0);
      const inside = [swatch(one.kind), name(one.label), h('span', { class: 'legend-share' }, percent(sum, all))];
      if (!one.id) return h('li', null, h('span', { class: 'legend-item' }, inside));
      const only = view.state[view.state.stack].length === 1;
      const next = only ? [] : [one.id];
      return h(
        'li',
        null,
        h(
          'button',
          {
            type: 'button',
            class: 'legend-item',
            'data-key': `legend-${one.id}`,
            'aria-label': `${one.label}, ${text(sum)}, ${percent(sum, all)}: ${only ? 'show all' : 'show only this'}`,
            onclick: () => change({ [view.state.stack]: next }),
          },
          inside,
        ),
      );
    }),
  );
}

function keySwatch(kind) {
  const box = (shape) => s('rect', { class: shape, width: 16, height: 12 });
  const parts = {
    'k-partial': [box('s0'), box('partial')],
    later: [box('later')],
    other: [box('other')],
    est: [box('est')],
    'k-total': [s('path', { class: 'total-line', d: 'M0 6h16' })],
  }[kind];
  return s('svg', { class: 'swatch', width: 16, height: 12, viewBox: '0 0 16 12', 'aria-hidden': 'true' }, parts);
}

/**
 * What the patterns mean, as far as they occur.
 *
 * @param {View} view
 */
function keyOf(view) {
  const used = [];
  if (view.rows.some((row) => row.partial) && !view.isLog) used.push(['k-partial', 'in progress']);
  if (view.stack.some(({ kind }) => kind === 'est')) used.push(['est', 'estimated']);
  if (view.rows.some((row) => row.later)) used.push(['later', 'not indexed yet']);
  if (view.canShare && !view.isShare && !view.isLog) used.push(['k-total', 'total']);
  const log = view.isLog ? 'On a logarithmic scale each series is a line: stacks do not add up there. ' : '';
  return h(
    'p',
    { class: 'note key' },
    log,
    used.map(([kind, text]) => h('span', { class: 'key-item' }, keySwatch(kind), text)),
  );
}

/** @param {View} view */
function dataOf(view, series, totals, text, unit) {
  const digits = view.state.measure === 'hours' ? 1 : series.some(({ kind }) => kind === 'est') ? 0 : undefined;
  const show = (value) => (value === null ? '–' : text(value));
  const keyed = series.map((one, k) => ({
    key: one.id ?? (one.kind === 'est' ? 'estimated' : one.kind === 'other' ? 'other' : `all${k || ''}`),
    label: one.id ? `${one.label}, ${one.id}` : one.label,
    unit,
    digits,
    num: true,
    head: name(one.label),
    show,
  }));
  const many = series.length > 1;
  const columns = [
    { key: 'bucket', label: `${view.gran[0].toUpperCase()}${view.gran.slice(1)} (UTC)` },
    { key: 'state', label: 'State' },
    ...keyed,
    ...(many ? [{ key: 'total', label: 'Total', unit, digits, num: true, show }] : []),
  ];
  const states = (row) =>
    row.later ? 'not indexed yet' : row.a === null ? 'no sessions known' : row.partial ? 'in progress' : 'complete';
  const rows = view.rows.map((row, i) => ({
    bucket: nameOf(view.gran, row.start),
    state: states(row),
    total: totals[i],
    ...Object.fromEntries(series.map((one, k) => [keyed[k].key, one.values[i]])),
  }));
  const sum = (values) => values.reduce((a, b) => a + (b ?? 0), 0);
  const total = {
    bucket: 'Total',
    state: '',
    total: sum(totals),
    ...Object.fromEntries(series.map((one, k) => [keyed[k].key, sum(one.values)])),
  };
  return {
    name: `throughput-${view.state.measure}-by-${view.gran}`,
    title: `${MEASURES[view.state.measure].label} by ${view.gran}, ${view.windowText}`,
    columns,
    rows,
    total,
    window: view.windowText,
    span: view.span,
    head: { unit },
  };
}
