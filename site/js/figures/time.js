// Buckets of time in UTC, as the documents have them.

export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** The first moment of the bucket that holds a time. */
export function floorTo(granularity, time) {
  const at = new Date(time);
  switch (granularity) {
    case 'hour':
      return Math.floor(time / HOUR) * HOUR;
    case 'week':
      return Math.floor(time / DAY) * DAY - ((at.getUTCDay() + 6) % 7) * DAY;
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
    default:
      return Math.floor(time / DAY) * DAY;
  }
}

export function next(granularity, start, count = 1) {
  const at = new Date(start);
  switch (granularity) {
    case 'hour':
      return start + count * HOUR;
    case 'week':
      return start + count * 7 * DAY;
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, 1);
    default:
      return start + count * DAY;
  }
}

/** The start of a bucket by its name in a document; NaN for anything else. */
export function startOf(name) {
  const text = String(name);
  return Date.parse(text.length === 7 ? `${text}-01T00:00:00Z` : text.length === 10 ? `${text}T00:00:00Z` : text);
}

/** A bucket's name as the documents write it. */
export function nameOf(granularity, start) {
  const iso = new Date(start).toISOString();
  return granularity === 'hour' ? `${iso.slice(0, 19)}Z` : granularity === 'month' ? iso.slice(0, 7) : iso.slice(0, 10);
}
