// Numbers and times as text. What is not known is said, never shown as 0.

export const UNKNOWN = 'not known';
// Whole numbers: what is counted has no parts, and an estimate of tokens is no better than a token.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
// Made once for each number of digits: making one takes longer than using it a thousand times.
const fixed = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const known = (value) => typeof value === 'number' && Number.isFinite(value);

export function exact(value) {
  return known(value) ? whole.format(value) : UNKNOWN;
}

/** Short, with three digits; beyond trillions as a power of ten, since no word for them is known to everybody. */
export function compact(value) {
  if (!known(value)) return UNKNOWN;
  if (Math.abs(value) < 999.5e12) return short.format(value);
  const power = Math.floor(Math.log10(Math.abs(value)));
  const lead = Number((value / 10 ** power).toPrecision(3));
  return Math.abs(lead) < 10 ? `${lead}×10${raised(power)}` : `1×10${raised(power + 1)}`;
}

const raised = (power) => [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');

export function decimal(value, digits) {
  return known(value) ? fixed[digits].format(value) : UNKNOWN;
}

export function percent(part, all) {
  if (!known(part) || !known(all) || all === 0) return UNKNOWN;
  const value = (100 * part) / all;
  if (value > 0 && value < 0.1) return '<0.1%';
  return value < 100 && value > 99.9 ? '>99.9%' : `${decimal(value, 1)}%`;
}

export function ms(value) {
  if (!known(value)) return UNKNOWN;
  return value < 1000 ? `${whole.format(Math.round(value))} ms` : seconds(value / 1000);
}

function seconds(value) {
  return value < 1000 ? `${decimal(value, value < 100 ? 2 : 0)} s` : `${compact(value)} s`;
}

export function tps(value) {
  return known(value) ? (value < 1000 ? decimal(value, 1) : compact(value)) : UNKNOWN;
}

export function mor(value) {
  return known(value) ? `${decimal(value, 2)} MOR` : UNKNOWN;
}

export function duration(minutes) {
  if (minutes < 1) return 'less than a minute';
  const [value, unit] =
    minutes < 90 ? [minutes, 'min'] : minutes < 48 * 60 ? [minutes / 60, 'h'] : [minutes / 1440, 'days'];
  return `${Math.floor(value)} ${unit}`;
}

export function plural(count, one, many = `${one}s`) {
  return `${exact(count)} ${count === 1 ? one : many}`;
}

export function bytes(count) {
  return known(count) ? (count < 1024 ? `${count} B` : `${decimal(count / 1024, 1)} KB`) : UNKNOWN;
}

export function address(hex) {
  return hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value) => String(value).padStart(2, '0');

export function date(time, withYear = true) {
  const at = new Date(time);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${withYear ? ` ${at.getUTCFullYear()}` : ''}`;
}

export function clock(time) {
  const at = new Date(time);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

export function moment(time) {
  return `${date(time)}, ${clock(time)} UTC`;
}

/** A bucket's name, short for axes and long for sentences. */
export function bucketName(start, granularity, long = false) {
  const at = new Date(start);
  switch (granularity) {
    case 'hour':
      return long ? `${date(start)}, ${clock(start)} UTC` : clock(start);
    case 'week':
      return long ? `week of ${date(start)}` : date(start, false);
    case 'month':
      return `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
    default:
      return date(start, long);
  }
}

/** A change between two windows, in words that need no colour. */
export function change(now, before, minBase) {
  if (!known(now) || !known(before)) return null;
  const diff = now - before;
  if (diff === 0) return { dir: 'same', text: 'no change' };
  const dir = diff > 0 ? 'up' : 'down';
  if (before < minBase || before <= 0) return { dir, text: `${diff > 0 ? '+' : '−'}${compact(Math.abs(diff))}` };
  const share = (100 * diff) / before;
  if (share > 999) return { dir, text: `×${compact(now / before)}` };
  const digits = Math.abs(share) < 10 || (share < -99 && share > -100) ? 1 : 0;
  return { dir, text: `${diff > 0 ? '+' : '−'}${decimal(Math.abs(share), digits)}%` };
}
