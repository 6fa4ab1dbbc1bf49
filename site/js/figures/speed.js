// Percentiles with what they rest on: the value, its interval, and how many samples; or how many are missing.
import { compact, exact, ms, plural, tps } from './format.js';
import { measured } from './stats.js';

export const SPEED = {
  ttft: {
    title: 'Time to first token',
    short: 'TTFT',
    format: ms,
    tick: (value) => (value >= 1000 ? `${value / 1000} s` : `${value} ms`),
    scale: 1,
    better: 'less is better',
    unit: 'ms',
    digits: 0,
  },
  tps: {
    title: 'Tokens per second',
    short: 'TPS',
    format: tps,
    tick: compact,
    scale: 1000,
    better: 'more is better',
    unit: 'tokens/s',
    digits: 1,
  },
};

/** A percentile in the measure's own unit: {n, lacks, value, low, high}. */
export function speedOf(sketch, kind, percent = 50) {
  const { scale } = SPEED[kind];
  const found = measured(sketch, percent);
  const scaled = (value) => (value === null ? null : value / scale);
  return { ...found, value: scaled(found.value), low: scaled(found.low), high: scaled(found.high) };
}

export function needs(lacks) {
  return `needs ${plural(lacks, 'more session')}`;
}

/** As text for tables and screen readers. */
export function speedText(found, kind) {
  if (found.lacks > 0) return needs(found.lacks);
  const { format } = SPEED[kind];
  const range = found.low === null ? '' : ` [${format(found.low)} to ${format(found.high)}]`;
  return `${format(found.value)}${range}, n=${exact(found.n)}`;
}
