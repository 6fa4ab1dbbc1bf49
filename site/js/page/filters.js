// The filter bar: range, size of buckets, models, providers, volume of sessions; a link to exactly this view, and the
// way back.
import { CLASS_TEXT, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { choose, strip } from './controls.js';
import { announce, button, byId, replace } from './dom.js';
import { compact } from '../figures/format.js';
import { picker } from './picker.js';
import { defaults, toQuery } from '../figures/state.js';

const RANGES = [
  ['24h', '24 h', 'Last 24 UTC hours'],
  ['7d', '7 d', 'Last 7 UTC days'],
  ['30d', '30 d', 'Last 30 UTC days'],
  ['90d', '90 d', 'Last 90 UTC days'],
  ['1y', '1 y', 'Last 365 UTC days'],
  ['all', 'All', 'All time'],
];
const SIZES = [
  ['auto', 'Auto'],
  ['hour', 'Hours'],
  ['day', 'Days'],
  ['week', 'Weeks'],
  ['month', 'Months'],
];

export function renderFilters(state, view, change) {
  const parts = [
    strip('Range', 'range', RANGES, state.range, change),
    choose('Buckets', 'by', SIZES, state.by, change),
  ];
  for (const [key, label] of [
    ['model', 'Models'],
    ['provider', 'Providers'],
  ]) {
    parts.push(
      picker(
        key,
        label,
        () => (view ? options(view, key) : []),
        shown(view, key, label, state[key]),
        state[key],
        (ids) => change({ [key]: ids }),
      ),
    );
  }
  parts.push(
    choose('Input', 'in', volumes(IN_CLASSES, CLASS_TEXT.in), state.in, change),
    choose('Output', 'out', volumes(OUT_CLASSES, CLASS_TEXT.out), state.out, change),
  );
  const isDefault = toQuery(state) === '';
  parts.push(
    button('Reset', { 'aria-disabled': String(isDefault), 'data-key': 'reset' }, () => isDefault || change(defaults())),
  );
  parts.push(button('Copy link', { 'data-key': 'copy' }, copy));
  replace(byId('filters'), parts);
}

const volumes = (classes, texts) => [['any', 'Any'], ...classes.map((size, i) => [size, `${size}: ${texts[i]}`])];

/** @param {View} view */
function shown(view, key, label, chosen) {
  if (chosen.length === 0) return 'All';
  if (chosen.length > 1) return `${chosen.length} chosen`;
  const place = view?.store.index[key].get(chosen[0]);
  return place === undefined ? '1 unknown' : view.label(key, place);
}

/**
 * Counted only when a list is opened.
 *
 * @param {View} view
 */
function options(view, key) {
  const counts = new Map();
  if (view.cells.blocks)
    for (const [place, sum] of view.once(`options ${key}`, () => countSessions(view, key))) counts.set(place, sum);
  return view.store.names[key]
    .map((entry, place) => ({ id: entry.id, label: view.label(key, place), count: counts.get(place) ?? 0 }))
    .map((option) => ({ ...option, note: noteOf(key, option) }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}

function noteOf(key, { id, count }) {
  const sessions = count === 0 ? 'no session in the window' : `${compact(count)} sessions`;
  return key === 'model' ? `${id.slice(0, 8)}, ${sessions}` : sessions;
}

/**
 * Sessions of the window's days whatever is filtered, so that the lists do not shrink to what is chosen.
 *
 * @param {View} view
 */
function countSessions(view, key) {
  const counts = new Map();
  for (const block of view.blocks) {
    for (let i = 0; i < block.n; i++) {
      if (block.day[i] >= view.choice.from && block.day[i] < view.choice.to)
        counts.set(block[key][i], (counts.get(block[key][i]) ?? 0) + block.sessions[i]);
    }
  }
  return counts;
}

async function copy(event) {
  const label = event.currentTarget;
  try {
    await navigator.clipboard.writeText(location.href);
    label.textContent = 'Copied';
    announce('Link copied.');
  } catch {
    label.textContent = 'Copy it from the address bar';
  }
  setTimeout(() => (label.textContent = 'Copy link'), 2000);
}
