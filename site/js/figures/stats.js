// Gates and intervals. No distribution is assumed for percentiles.
import { GATES } from '../config.js';

/** How many samples are missing before a percentile may be shown; 0 when there are enough. */
export function missing(percent, n) {
  return Math.max(0, GATES[percent] - n);
}

function logGamma(x) {
  // Stirling's series, after shifting the argument above 10.
  let shift = 0;
  while (x < 10) shift -= Math.log(x++);
  const x2 = x * x;
  return shift + (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + (1 / 12 - (1 / 360 - 1 / (1260 * x2)) / x2) / x;
}

/** Ranks [low, high] whose values hold the percentile with at least 95 %; null where no such pair exists. */
export function rankInterval(n, percent) {
  const p = percent / 100;
  const start = Math.max(0, Math.floor(n * p - 9 * Math.sqrt(n * p * (1 - p)) - 1));
  let pmf = Math.exp(
    logGamma(n + 1) -
      logGamma(start + 1) -
      logGamma(n - start + 1) +
      start * Math.log(p) +
      (n - start) * Math.log(1 - p),
  );
  let below = 0;
  let low = 0;
  let high = null;
  for (let k = start; k <= n; k++) {
    if (below <= 0.025) low = k;
    if (1 - below <= 0.025) {
      high = k;
      break;
    }
    below += pmf;
    pmf *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return low >= 1 && high !== null ? [low, high] : null;
}

/** A percentile of a sketch with its interval, or how many samples it lacks. */
export function measured(sketch, percent) {
  const n = sketch.total;
  const lacks = missing(percent, n);
  if (lacks > 0) return { n, lacks, value: null, low: null, high: null };
  const ranks = rankInterval(n, percent);
  return {
    n,
    lacks: 0,
    value: sketch.percentile(percent),
    low: ranks && sketch.atRank(ranks[0]),
    high: ranks && sketch.atRank(ranks[1]),
  };
}

/** Wilson's 95 % interval of a share, as fractions. */
export function wilson(hits, n) {
  if (n === 0) return null;
  const z = 1.959964;
  const p = hits / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function midRanks(counts) {
  const ranks = new Map();
  let seen = 0;
  for (const [key, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    ranks.set(key, seen + (count + 1) / 2);
    seen += count;
  }
  return ranks;
}

/**
 * Spearman's rho between a size class and a value, from one sketch a class, with mid-ranks for ties and a 95 % interval
 * (Fisher's z with the Bonett-Wright error). Null below the gate of a median, or where one of the two does not vary.
 */
export function spearman(sketches) {
  const xs = new Map();
  const ys = new Map();
  let n = 0;
  sketches.forEach((sketch, x) => {
    if (sketch.total === 0) return;
    xs.set(x, sketch.total);
    n += sketch.total;
    for (const [y, count] of sketch.entries()) ys.set(y, (ys.get(y) ?? 0) + count);
  });
  if (n < GATES[50]) return { n, lacks: GATES[50] - n, rho: null };
  const rx = midRanks(xs);
  const ry = midRanks(ys);
  const mean = (n + 1) / 2;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  sketches.forEach((sketch, x) => {
    for (const [y, count] of sketch.entries()) {
      const dx = rx.get(x) - mean;
      const dy = ry.get(y) - mean;
      xy += count * dx * dy;
      xx += count * dx * dx;
      yy += count * dy * dy;
    }
  });
  if (xx === 0 || yy === 0) return { n, lacks: 0, rho: null };
  const rho = xy / Math.sqrt(xx * yy);
  const z = Math.atanh(Math.max(-0.999999, Math.min(0.999999, rho)));
  const error = 1.959964 * Math.sqrt((1 + (rho * rho) / 2) / (n - 3));
  return { n, lacks: 0, rho, low: Math.tanh(z - error), high: Math.tanh(z + error) };
}
