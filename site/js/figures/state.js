// What is shown, as a query string and back. Unknown values are left out and named.
import { IN_CLASSES, OUT_CLASSES } from '../config.js';

const MODEL = /^0x[0-9a-f]{64}$/;
const ID = { model: MODEL, rec: MODEL, provider: /^0x[0-9a-f]{40}$/ };
const MAX_IDS = 60;
const BOARD_SORTS = ['name', 'sessions', 'tokens', 'hours', 'ttft', 'tps', 'disputed', 'last'];
const directions = (keys) => keys.flatMap((key) => [`${key}.desc`, `${key}.asc`]);

/** Accepted values, the first being the default. */
const CHOICES = {
  range: ['30d', '24h', '7d', '90d', '1y', 'all'],
  by: ['auto', 'hour', 'day', 'week', 'month'],
  measure: ['tokens', 'sessions', 'hours'],
  stack: ['model', 'provider', 'none'],
  share: ['0', '1'],
  log: ['0', '1'],
  est: ['0', '1'],
  flagged: ['0', '1'],
  heat: ['ttft', 'tps'],
  heatby: ['model', 'size'],
  in: ['any', ...IN_CLASSES],
  out: ['any', ...OUT_CLASSES],
  msort: ['tokens.desc', ...directions(BOARD_SORTS).filter((sort) => sort !== 'tokens.desc')],
  psort: ['tokens.desc', ...directions(BOARD_SORTS).filter((sort) => sort !== 'tokens.desc')],
};
const LISTS = ['model', 'provider'];

/** @returns {State} */
export function defaults() {
  const state = Object.fromEntries(Object.entries(CHOICES).map(([key, values]) => [key, values[0]]));
  return /** @type {any} */ ({ ...state, model: [], provider: [], rec: '' });
}

/**
 * {state, ignored}: ignored names the values that were not understood, as text for a person. Ids may be written in
 * capitals, as checksummed addresses are. Keys that the page does not have, such as utm_source, are none of its
 * business.
 */
export function parse(query) {
  const state = defaults();
  const ignored = [];
  const given = new URLSearchParams(query);
  for (const key of new Set(given.keys())) {
    const values = given.getAll(key);
    if (Object.hasOwn(CHOICES, key)) {
      const value = values.at(-1) ?? '';
      if (CHOICES[key].includes(value)) state[key] = value;
      else ignored.push(`${key}=${value.slice(0, 40)}`);
    } else if (LISTS.includes(key)) {
      state[key] = ids(key, values, ignored);
    } else if (key === 'rec') {
      state.rec = ids(key, values, ignored)[0] ?? '';
    }
  }
  return { state, ignored };
}

function ids(key, values, ignored) {
  const all = values.flatMap((value) => value.toLowerCase().split(/[\s,]+/)).filter((id) => id !== '');
  const good = [...new Set(all.filter((id) => ID[key].test(id)))];
  if (good.length > MAX_IDS) ignored.push(`${good.length - MAX_IDS} ids beyond ${MAX_IDS} in ${key}`);
  const bad = all.find((id) => !ID[key].test(id));
  if (bad !== undefined) ignored.push(`${key}=${bad.slice(0, 40)}`);
  return good.slice(0, MAX_IDS).sort();
}

/** The shortest query that brings the state back; empty for the default view. */
export function toQuery(state) {
  const query = new URLSearchParams();
  for (const [key, values] of Object.entries(CHOICES)) if (state[key] !== values[0]) query.set(key, state[key]);
  for (const key of LISTS) if (state[key].length > 0) query.set(key, state[key].join(','));
  if (state.rec) query.set('rec', state.rec);
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

export function isFiltered(state) {
  return state.model.length > 0 || state.provider.length > 0 || state.in !== 'any' || state.out !== 'any';
}

export const choicesOf = (key) => CHOICES[key];
