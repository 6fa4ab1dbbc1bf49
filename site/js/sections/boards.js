// The leaderboards of models and providers: sortable, cut to 25 rows until asked for all.
import { app } from '../app.js';
import { fill, empty, pending } from '../page/card.js';
import { tokens } from '../figures/amounts.js';
import { BOARD_ROWS } from '../config.js';
import { button, h, name } from '../page/dom.js';
import { date, decimal, exact, percent, plural } from '../figures/format.js';
import { SPEED, speedOf } from '../figures/speed.js';
import { speedCell } from '../page/speed-cell.js';
import { spark } from '../draw/spark.js';
import { table } from '../page/table.js';
import { wilson } from '../figures/stats.js';

/** @param {View} view */
export function renderBoard(view, kind, change) {
  const id = `${kind}s`;
  if (!view.cells.blocks) return pending(id, view.cells.error, view.store);
  // One up, since a sum has no keys below 0: 0 holds the sessions whose model or provider is not known.
  const sums = view.sums(`board ${kind}`, (block, i) => (block.sessions[i] > 0 ? block[kind][i] + 1 : -1));
  if (sums.size === 0) return fill(id, [empty(`No closed session in ${view.daysText} for this choice.`)]);
  const data = dataOf(view, kind, sums, change);
  const sortKey = kind === 'model' ? 'msort' : 'psort';
  const limit = app.unfolded.rows.has(id) ? Infinity : BOARD_ROWS;
  const grid = table(data, {
    caption: data.title,
    sort: view.state[sortKey],
    limit,
    onSort: (sort) => change({ [sortKey]: sort }),
    onAll: () => {
      app.unfolded.rows.add(id);
      renderBoard(view, kind, change);
    },
  });
  return fill(id, [lead(view, kind, data.rest), grid], { data, sources: view.cellSources });
}

/** @param {View} view */
function lead(view, kind, rest) {
  const what =
    kind === 'model' ? 'Keyed by id: different ids may share a name.' : 'One operator may run several addresses.';
  const unknown = rest
    ? ` Old records of ${plural(rest.sessions, 'session')} name no ${kind}: they stand last, so that the total ` +
      `holds all.`
    : '';
  return h(
    'p',
    { class: 'note' },
    `Closed sessions in ${view.daysText}. ${what} Press a name to show only it.${unknown}`,
  );
}

/** @param {View} view */
function lines(view, kind) {
  const index = view.bucketIndex();
  const n = view.buckets.length;
  return view.gran === 'hour'
    ? null
    : view.sums(
        `lines ${kind}`,
        (block, i) => (block[kind][i] < 0 ? -1 : block[kind][i] * n + index(block.day[i])),
        false,
      );
}

/** @param {View} view */
function row(view, kind, place, sum, perBucket) {
  const n = view.buckets.length;
  const whole = view.buckets.flatMap(({ later, partial }, i) => (later || partial ? [] : [i]));
  const line = perBucket && whole.slice(-60).map((i) => perBucket.get(place * n + i)?.sessions ?? 0);
  return { ...who(view, kind, place), line, ...figures(view, sum) };
}

/** @param {View} view */
function who(view, kind, place) {
  const entry = view.store.names[kind][place];
  return {
    id: entry.id,
    name: kind === 'model' ? (entry.name ?? '') : entry.id,
    label: view.label(kind, place),
    type: entry.type ?? '',
  };
}

/** @param {View} view */
function figures(view, sum) {
  const ttft = speedOf(sum.ttft, 'ttft');
  const tps = speedOf(sum.tps, 'tps');
  return {
    sessions: sum.sessions,
    tokens: tokens(sum, view.state),
    hours: sum.seconds / 3600,
    disputed: sum.sessions ? (100 * sum.disputed) / sum.sessions : null,
    disputedOf: [sum.disputed, sum.sessions],
    flagged: sum.flagged,
    ttft: ttft.value,
    tps: tps.value,
    found: { ttft, tps },
    ttft_samples: ttft.n,
    tps_samples: tps.n,
    ttft_low: ttft.low,
    ttft_high: ttft.high,
    tps_low: tps.low,
    tps_high: tps.high,
    last: new Date(sum.lastDay).toISOString().slice(0, 10),
  };
}

/** @param {View} view */
function dataOf(view, kind, sums, change) {
  const perBucket = lines(view, kind);
  const rows = [...sums].filter(([key]) => key > 0).map(([key, sum]) => row(view, kind, key - 1, sum, perBucket));
  const rest = sums.has(0)
    ? {
        id: '',
        name: `${kind} not known`,
        label: `${kind} not known`,
        type: '',
        line: null,
        ...figures(view, sums.get(0)),
      }
    : null;
  const sumOf = (key) => [...rows, rest].reduce((sum, one) => sum + (one?.[key] ?? 0), 0);
  const allSessions = sumOf('sessions');
  const pick = (value, entry) =>
    entry === rest
      ? entry.label
      : h(
          'span',
          { class: kind === 'model' ? 'who' : 'who nowrap' },
          button(
            name(entry.label),
            { class: 'btn link', 'data-key': `pick-${entry.id}`, 'aria-label': `Show only ${entry.label}` },
            () => change({ [kind]: [entry.id] }),
          ),
          kind === 'model' && entry.type && entry.type !== 'UNKNOWN' ? h('small', null, entry.type) : null,
        );
  const speed = (key) => (value, entry) => (entry.found ? speedCell(entry.found[key], key) : '');
  const disputed = (value, entry) => {
    if (!entry.disputedOf) return '';
    const range = wilson(...entry.disputedOf);
    return h(
      'span',
      { class: 'speed' },
      percent(...entry.disputedOf),
      range && h('small', null, `${decimal(100 * range[0], 0)}–${decimal(100 * range[1], 0)}%`),
    );
  };
  const columns = [
    {
      key: 'name',
      label: kind === 'model' ? 'Model' : 'Provider',
      show: (value, entry) => (entry.found ? pick(value, entry) : value),
    },
    {
      key: 'sessions',
      label: 'Sessions',
      num: true,
      show: (value) => h('span', { class: 'speed' }, exact(value), h('small', null, percent(value, allSessions))),
    },
    {
      key: 'tokens',
      label: 'Tokens',
      num: true,
      show: (value, entry) => [
        exact(value),
        entry.flagged > 0 ? h('small', { class: 'flag' }, `${plural(entry.flagged, 'implausible session')}`) : null,
      ],
    },
    { key: 'hours', label: 'Hours', num: true, show: (value) => decimal(value, 1) },
    { key: 'ttft', label: 'Time to first token', num: true, show: speed('ttft') },
    { key: 'tps', label: 'Tokens per second', num: true, show: speed('tps') },
    { key: 'disputed', label: 'Disputed', num: true, show: disputed },
    { key: 'line', label: 'Sessions over time', sort: false, show: (value) => (value ? spark(value) : '') },
    {
      key: 'last',
      label: 'Last close',
      num: true,
      show: (value) => (value ? date(Date.parse(`${value}T00:00:00Z`)) : ''),
    },
  ];
  const title = `${kind === 'model' ? 'Models' : 'Providers'}, ${view.daysText}`;
  const total = {
    name: `${rows.length} ${kind}s`,
    sessions: allSessions,
    tokens: sumOf('tokens'),
    hours: sumOf('hours'),
  };
  return { ...files(view, kind, title), columns, rows, rest, total };
}

/**
 * The files have the plain values of each column and the intervals beside them.
 *
 * @param {View} view
 */
function files(view, kind, title) {
  const speeds = /** @type {Speed[]} */ (['ttft', 'tps']).flatMap((key) => {
    const { title: label, unit, digits } = SPEED[key];
    return [
      { key, label: `${label}, median`, unit, digits },
      { key: `${key}_low`, label: `${label}, from`, unit, digits },
      { key: `${key}_high`, label: `${label}, to`, unit, digits },
      { key: `${key}_samples`, label: `${label}, samples` },
    ];
  });
  const columns = [
    { key: 'id', label: kind === 'model' ? 'Model id' : 'Provider address' },
    ...(kind === 'model'
      ? [
          { key: 'name', label: 'Model' },
          { key: 'type', label: 'Type' },
        ]
      : []),
    { key: 'sessions', label: 'Sessions closed' },
    { key: 'tokens', label: 'Tokens', digits: 0 },
    { key: 'hours', label: 'Compute hours', digits: 1 },
    ...speeds,
    { key: 'disputed', label: 'Disputed', unit: '% of sessions', digits: 1 },
    { key: 'flagged', label: 'Implausible sessions' },
    { key: 'last', label: 'Last close' },
  ];
  const sort = view.state[kind === 'model' ? 'msort' : 'psort'];
  return { name: `${kind}s`, title, fileColumns: columns, sort, window: view.daysText, span: view.span };
}
