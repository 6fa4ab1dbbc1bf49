// Stacked bars over time; as lines on a logarithmic scale, where stacks would not add up.
import { s } from '../page/dom.js';

const kindClass = (kind) => (typeof kind === 'number' ? `s${kind}` : kind);

function gapOf(band) {
  return band > 24 ? band * 0.22 : band > 8 ? band * 0.16 : band > 3 ? 0.75 : 0;
}

/** Values of each series stacked from 0: {low, high} by series and bucket. */
export function stacked(series, share) {
  const n = series[0]?.values.length ?? 0;
  const base = new Array(n).fill(0);
  const sums = base.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0));
  return series.map((one) =>
    one.values.map((value, i) => {
      const of = share ? (sums[i] > 0 ? (100 * (value ?? 0)) / sums[i] : 0) : (value ?? 0);
      const low = base[i];
      base[i] += of;
      return { low, high: base[i] };
    }),
  );
}

export function drawStack(series, rows, share, g) {
  const layers = stacked(series, share);
  const gap = gapOf(g.band);
  const width = Math.max(0.75, g.band - gap);
  const left = (i) => (g.x(i) + gap / 2).toFixed(2);
  const parts = series.map((one, k) => {
    let path = '';
    layers[k].forEach(({ low, high }, i) => {
      if (high <= low) return;
      const y = g.y(high);
      path += `M${left(i)} ${y.toFixed(2)}h${width.toFixed(2)}V${g.y(low).toFixed(2)}h${(-width).toFixed(2)}z`;
    });
    return s('path', { class: `bar ${kindClass(one.kind)}`, d: path });
  });
  const top = layers.at(-1) ?? [];
  const partial = rows.flatMap((row, i) => {
    if (!row.partial || !top[i]?.high) return [];
    const y = g.y(top[i].high);
    return [s('rect', { class: 'partial', x: left(i), y, width, height: g.bottom - y })];
  });
  const zero = rows.flatMap((row, i) =>
    row.a && !(top[i]?.high > 0) ? [`M${left(i)} ${g.bottom - 1}h${width.toFixed(2)}`] : [],
  );
  parts.push(s('path', { class: 'zero', d: zero.join('') }), ...partial);
  if (!share && series.length > 1) parts.push(totalLine(top, rows, g, left, width));
  return parts;
}

function totalLine(top, rows, g, left, width) {
  const path = rows
    .map((row, i) => (row.a ? `M${left(i)} ${g.y(top[i].high).toFixed(2)}h${width.toFixed(2)}` : ''))
    .join('');
  return s('path', { class: 'total-line', d: path });
}

export function drawLines(series, rows, g) {
  return series.flatMap((one) => {
    const points = [];
    let path = '';
    let drawing = false;
    one.values.forEach((value, i) => {
      const y = value > 0 ? g.y(value) : null;
      if (y === null) {
        drawing = false;
        return;
      }
      const x = g.x(i) + g.band / 2;
      path += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      drawing = true;
      points.push(`M${(x - 2).toFixed(1)} ${y.toFixed(1)}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0`);
    });
    const kind = kindClass(one.kind);
    return [s('path', { class: `line l-${kind}`, d: path }), s('path', { class: `bar ${kind}`, d: points.join('') })];
  });
}

export function swatch(kind) {
  return s(
    'svg',
    { class: 'swatch', width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    s('rect', { class: `bar ${kindClass(kind)}`, width: 12, height: 12, rx: 2 }),
  );
}
