// Speed over time: the median as a line, the band up to p95, p99 as dots; each only where there are enough samples.
import { empty, fill, pending } from '../page/card.js';
import { h, s } from '../page/dom.js';
import { GATES } from '../config.js';
import { bucketName, exact, plural } from '../figures/format.js';
import { pace } from '../figures/pace.js';
import { plot } from '../draw/plot.js';
import { linear, logarithmic } from '../draw/scale.js';
import { needs, SPEED, speedText } from '../figures/speed.js';
import { nameOf } from '../figures/time.js';

/** @param {View} view */
export function renderLatency(view, kind) {
  const found = pace(view, kind);
  if (!found) return pending(kind, view.cells.error, view.store);
  const { gran, points } = found;
  const shown = points.filter((point) => point.p50.value !== null);
  const data = dataOf(view, kind, gran, points);
  const best = Math.max(0, ...points.map((point) => point.n));
  const all = view.speed.sum;
  const slow =
    kind === 'ttft' && all.ttft.total > 0
      ? ` ${plural(all.slow, 'session')} of ${exact(all.ttft.total)} above 30 s; none is cut off.`
      : '';
  const lead = h(
    'p',
    { class: 'note' },
    `Session means, ${SPEED[kind].better}, by ` +
      `${gran}${gran === view.gran ? '' : ' (finer buckets have too few samples)'}.${slow}`,
  );
  if (shown.length === 0) {
    return fill(
      kind,
      [
        lead,
        empty(
          best === 0
            ? `No speed samples in ${view.daysText}.`
            : `No ${gran} has the ${GATES[50]} samples a median takes: the fullest ${needs(GATES[50] - best)}.`,
        ),
      ],
      { data, asTable: true, sources: view.cellSources },
    );
  }
  if (points.length === 1)
    return fill(
      kind,
      [
        lead,
        empty(
          `${view.daysText[0].toUpperCase()}${view.daysText.slice(1)}, all in one: median ` +
            `${speedText(points[0].p50, kind)}.`,
        ),
      ],
      { data, asTable: true, sources: view.cellSources },
    );
  const body = [lead, figure(view, kind, gran, points), keyOf(points)];
  return fill(kind, body, { data, asTable: true, sources: view.cellSources });
}

/**
 * The scale ends at six times the highest median: one absurd week must not flatten the others. Marks say what lies
 * beyond.
 */
function top(points) {
  const of = (p) => Math.max(...points.map((point) => point[p].value ?? 0));
  return Math.min(Math.max(of('p50'), of('p95')), 6 * of('p50'));
}

/** @param {View} view */
function figure(view, kind, gran, points) {
  const { format, title } = SPEED[kind];
  const values = points.flatMap(({ p50, p95 }) => [p50.value, p95.value]).filter((value) => value !== null);
  const scale = view.state.log === '1' ? logarithmic(Math.min(...values), Math.max(...values)) : linear(top(points), 3);
  const rows = points.map(({ row }) => ({ ...row, label: bucketName(row.start, gran) }));
  const lines = ['p50', 'p95', 'p99'];
  const long = (i) => `${bucketName(rows[i].start, gran, true)}${rows[i].partial ? ', in progress' : ''}`;
  const say = (i, line) =>
    `${long(i)}: ${(line < 0 ? lines : [lines[line]]).map((p) => `${p} ${speedText(points[i][p], kind)}`).join('; ')}`;
  const tip = (i) => [
    h('p', { class: 'tip-head' }, long(i)),
    h(
      'ul',
      null,
      lines.map((p) => h('li', null, h('b', null, p), h('span', null, speedText(points[i][p], kind)))),
    ),
  ];
  const chart = plot({
    key: kind,
    title,
    rows,
    scale,
    size: 'plot-small',
    lines: 3,
    say,
    tip,
    tick: SPEED[kind].tick,
    draw: (g) => draw(points, g),
  });
  const shown = points.filter((point) => point.p50.value !== null);
  const [first, last] = [shown[0], shown.at(-1)];
  const named = (point) => `${format(point.p50.value)} in ${bucketName(point.row.start, gran, true)}`;
  return h(
    'figure',
    null,
    h(
      'figcaption',
      { class: 'sr' },
      `${title}, ${view.daysText}: median ${named(first)} at first and ${named(last)} at last.`,
    ),
    chart,
  );
}

/** Runs of neighbours that have a value: nothing is drawn across a gap. */
function runs(points, has) {
  const found = [];
  let run = null;
  points.forEach((point, i) => {
    if (!has(point)) run = null;
    else if (run) run.push(i);
    else found.push((run = [i]));
  });
  return found;
}

function draw(points, g) {
  const x = (i) => (g.x(i) + g.band / 2).toFixed(1);
  const clamp = (value) => Math.max(g.top - 6, g.y(value) ?? g.bottom);
  const half = Math.min(10, g.band * 0.35);
  const band = runs(points, (point) => point.p95.value !== null && point.p50.value !== null).map((run) => {
    if (run.length === 1) {
      const [i] = run;
      const at = g.x(i) + g.band / 2;
      const [left, right] = [at - half, at + half].map((place) => place.toFixed(1));
      const [high, low] = [points[i].p95, points[i].p50].map(({ value }) => clamp(value).toFixed(1));
      return `M${left} ${high}H${right}V${low}H${left}z`;
    }
    const up = run.map((i, k) => `${k === 0 ? 'M' : 'L'}${x(i)} ${clamp(points[i].p95.value).toFixed(1)}`).join('');
    const down = [...run]
      .reverse()
      .map((i) => `L${x(i)} ${clamp(points[i].p50.value).toFixed(1)}`)
      .join('');
    return `${up}${down}z`;
  });
  const line = runs(points, (point) => point.p50.value !== null).map((run) =>
    run.map((i, k) => `${k === 0 ? 'M' : 'L'}${x(i)} ${clamp(points[i].p50.value).toFixed(1)}`).join(''),
  );
  const dots = points.flatMap((point, i) =>
    point.p50.value === null
      ? []
      : [
          s('circle', {
            class: point.row.partial ? 'dot-open' : 'dot-p50',
            cx: x(i),
            cy: clamp(point.p50.value),
            r: 3,
          }),
        ],
  );
  return [
    s('path', { class: 'band', d: band.join('') }),
    s('path', { class: 'line-p50', d: line.join('') }),
    ...dots,
    ...points.flatMap((point, i) => tail(point, x(i), g)),
  ];
}

/** p99: a diamond, or an arrow at the top where it lies beyond the scale. */
function tail(point, x, g) {
  const beyond = (p) => point[p].value !== null && g.y(point[p].value) < g.top - 1;
  if (beyond('p95')) return [s('path', { class: 'mark-p99', d: `M${x} ${g.top - 9}l5 8h-10z` })];
  if (point.p99.value === null) return [];
  const y = g.y(point.p99.value);
  const d = y < g.top ? `M${x} ${g.top - 9}l5 8h-10z` : `M${x} ${(y - 4).toFixed(1)}l4 4l-4 4l-4 -4z`;
  return [s('path', { class: 'mark-p99', d })];
}

function keyOf(points) {
  const swatch = (part) =>
    s('svg', { class: 'swatch', width: 16, height: 12, viewBox: '0 0 16 12', 'aria-hidden': 'true' }, part);
  const item = (part, text) => h('span', { class: 'key-item' }, swatch(part), text);
  return h('p', { class: 'note key' }, [
    item(s('path', { class: 'line-p50', d: 'M0 6h16' }), 'median'),
    points.some((point) => point.p95.value !== null)
      ? item(s('rect', { class: 'band', width: 16, height: 12 }), 'up to p95')
      : null,
    points.some((point) => point.p99.value !== null)
      ? item(s('path', { class: 'mark-p99', d: 'M8 2l4 4l-4 4l-4 -4z' }), 'p99')
      : null,
    points.some((point) => point.p95.value > top(points)) || points.some((point) => point.p99.value > top(points))
      ? item(s('path', { class: 'mark-p99', d: 'M8 2l5 8h-10z' }), 'beyond the scale')
      : null,
    points.at(-1)?.row.partial ? item(s('circle', { class: 'dot-open', cx: 8, cy: 6, r: 3 }), 'in progress') : null,
  ]);
}

/** @param {View} view */
function dataOf(view, kind, gran, points) {
  const { format, title, unit, digits } = SPEED[kind];
  const bound = (value) => (value === null ? '–' : format(value));
  const percentiles = ['p50', 'p95', 'p99'].flatMap((p) => {
    const label = p === 'p50' ? 'Median' : p;
    const value = (found, row) => (found === null ? needs(row[`${p}_lacks`]) : format(found));
    return [
      { key: p, label, unit, digits, num: true, show: value },
      { key: `${p}_low`, label: `${label} from`, unit, digits, num: true, show: bound },
      { key: `${p}_high`, label: `${label} to`, unit, digits, num: true, show: bound },
    ];
  });
  const columns = [
    { key: 'bucket', label: `From (UTC)` },
    { key: 'samples', label: 'Samples', num: true, show: exact },
    ...percentiles,
  ];
  const rows = points.map((point) => ({
    bucket: nameOf(gran, point.row.start),
    samples: point.n,
    ...Object.fromEntries(
      ['p50', 'p95', 'p99'].flatMap((p) => [
        [p, point[p].value],
        [`${p}_low`, point[p].low],
        [`${p}_high`, point[p].high],
        [`${p}_lacks`, point[p].lacks],
      ]),
    ),
  }));
  return {
    name: `${kind}-by-${gran}`,
    title: `${title} by ${gran}, ${view.daysText}`,
    columns,
    rows,
    window: view.daysText,
    span: view.span,
    head: { unit, granularity: gran },
  };
}
