// A line the size of a word. Decoration beside a number: hidden from screen readers, the chart below tells the same.
import { s } from '../page/dom.js';

const WIDTH = 120;
const HEIGHT = 28;

/** values: numbers, or null for a gap. */
export function spark(values) {
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  const svg = s('svg', {
    class: 'spark',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  if (known.length < 2) return svg;
  const max = Math.max(...known);
  const y = (value) => (max > 0 ? HEIGHT - 2 - ((HEIGHT - 4) * value) / max : HEIGHT - 2).toFixed(1);
  const x = (i) => ((WIDTH * i) / (values.length - 1)).toFixed(1);
  let line = '';
  let area = '';
  let start = null;
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) return;
    const before = i > 0 && values[i - 1] !== null && Number.isFinite(values[i - 1]);
    line += `${before ? 'L' : 'M'}${x(i)} ${y(value)}`;
    if (!before) start = x(i);
    area += `${before ? 'L' : `M${start} ${HEIGHT}L`}${x(i)} ${y(value)}`;
    const after = i + 1 < values.length && values[i + 1] !== null && Number.isFinite(values[i + 1]);
    if (!after) area += `L${x(i)} ${HEIGHT}z`;
  });
  svg.append(s('path', { class: 'spark-area', d: area }), s('path', { class: 'spark-line', d: line }));
  return svg;
}
