// Which buckets a state asks for. Windows are whole buckets, so that figures, chart, table and files add up to the
// unit.
import { RANGES } from '../config.js';
import { isFiltered } from './state.js';
import { DAY, HOUR, floorTo, next } from './time.js';

const AUTO = { '24h': 'hour', '7d': 'day', '30d': 'day', '90d': 'day', '1y': 'week', all: 'week' };

function granularity(state, days, notes) {
  const wanted = state.by === 'auto' ? AUTO[state.range] : state.by;
  if (wanted === 'hour' && isFiltered(state)) {
    notes.push('Hours are published without filters: whole UTC days are shown.');
    return 'day';
  }
  if (wanted === 'hour' && state.range !== '24h' && state.range !== '7d') {
    notes.push('Hours are published for two weeks: days are shown for this range.');
    return 'day';
  }
  if (state.range === 'all' && wanted === 'week' && state.by === 'auto' && days > 800) return 'month';
  if (state.range === 'all' && wanted === 'day' && days > 360) {
    notes.push('Days are published for a year: weeks are shown for all time.');
    return 'week';
  }
  return wanted;
}

function bucketsFrom(from, gran, asOf, now) {
  const buckets = [];
  for (let start = from; start <= asOf; start = next(gran, start)) {
    const end = next(gran, start);
    buckets.push({ start, end, partial: end > asOf, later: false });
  }
  const most = Math.max(2, Math.floor(buckets.length / 3));
  let start = next(gran, floorTo(gran, asOf));
  for (let i = 0; i < most && start <= now; i++, start = next(gran, start)) {
    buckets.push({ start, end: next(gran, start), partial: false, later: true });
  }
  return buckets;
}

/**
 * {gran, from, buckets, whole, previous, notes}: `buckets` from the oldest to now, the last one before asOf's end
 * partial, those after asOf `later`; `previous` are as many whole buckets before the window as it has whole ones, for
 * comparison.
 *
 * @param {State} state
 * @param {number} asOf
 * @param {number} firstClose NaN where none is known
 * @param {number} now
 * @returns {{gran: Granularity, from: number, buckets: Bucket[], whole: Bucket[], previous: Bucket[], notes: string[]}}
 */
export function plan(state, asOf, firstClose, now) {
  const notes = [];
  const first = Number.isNaN(firstClose) ? asOf : Math.min(firstClose, asOf);
  const gran = granularity(state, (asOf - first) / DAY, notes);
  let days = RANGES[state.range];
  if (state.range === '24h' && gran !== 'hour') days = 2;
  const from =
    days === Infinity
      ? floorTo(gran, first)
      : gran === 'hour'
        ? floorTo('hour', asOf) - (24 * days - 1) * HOUR
        : floorTo(gran, floorTo('day', asOf) - (days - 1) * DAY);
  const buckets = bucketsFrom(from, gran, asOf, now);
  const whole = buckets.filter((bucket) => !bucket.partial && !bucket.later);
  const previous = [];
  if (days !== Infinity && whole.length > 0) {
    let start = next(gran, from, -whole.length);
    for (; start < from; start = next(gran, start)) previous.push({ start, end: next(gran, start) });
  }
  return { gran, from, buckets, whole, previous, notes };
}
