// Speed over time: percentiles by bucket, in the finest buckets that have enough samples to say something.
import { GATES } from '../config.js';
import { fits, sumBy, Sum } from '../data/cells.js';
import { speedOf } from './speed.js';
import { floorTo, next } from './time.js';

const FINER = {
  hour: ['day', 'week', 'month'],
  day: ['day', 'week', 'month'],
  week: ['week', 'month'],
  month: ['month'],
};
const ENOUGH = 0.6;

/** @param {View} view */
function bucketsOf(view, gran) {
  const buckets = [];
  for (let start = floorTo(gran, view.choice.from); start < view.to && start <= view.asOf; start = next(gran, start)) {
    const end = next(gran, start);
    buckets.push({ start: Math.max(start, view.choice.from), end, partial: end > view.asOf });
  }
  return buckets;
}

/** @param {View} view */
function passing(view, gran, kind) {
  const buckets = bucketsOf(view, gran);
  const index = view.bucketIndex(buckets);
  const counts = new Array(buckets.length).fill(0);
  for (const [day, n] of samplesByDay(view, kind)) counts[index(day)] += n;
  return counts.filter((n) => n >= GATES[50]).length / buckets.length;
}

/** @param {View} view */
function samplesByDay(view, kind) {
  return view.once(`samples ${kind}`, () => {
    const days = new Map();
    const { choice } = view;
    for (const block of view.blocks) {
      for (let i = 0; i < block.n; i++) {
        if (block.day[i] < choice.from || block.day[i] >= choice.to) continue;
        if (!fits(choice, block, i)) continue;
        days.set(block.day[i], (days.get(block.day[i]) ?? 0) + block[`${kind}Samples`][i]);
      }
    }
    return days;
  });
}

/**
 * {gran, points: [{row, n, slow, p50, p95, p99}]} for the window; null while cells are missing.
 *
 * @param {View} view
 */
export function pace(view, kind) {
  if (!view.cells.blocks) return null;
  return view.once(`pace ${kind}`, () => {
    const choices = FINER[view.gran];
    const gran = choices.find((one) => passing(view, one, kind) >= ENOUGH) ?? best(choices, view, kind);
    const buckets = bucketsOf(view, gran);
    const index = view.bucketIndex(buckets);
    const sums = view.once(`pace sums ${gran}`, () =>
      sumBy(view.blocks, view.choice, (block, i) => index(block.day[i])),
    );
    const points = buckets.map((row, i) => {
      const sum = sums.get(i) ?? new Sum();
      const of = (percent) => speedOf(sum[kind], kind, percent);
      return { row, n: sum[kind].total, slow: sum.slow, p50: of(50), p95: of(95), p99: of(99) };
    });
    return { gran, points };
  });
}

function best(choices, view, kind) {
  return choices.reduce((one, two) => (passing(view, two, kind) > passing(view, one, kind) ? two : one));
}
