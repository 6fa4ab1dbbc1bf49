// Starts the page: state from the address, documents into the store, everything drawn from both.
import { app } from './app.js';
import { guarded, pending } from './page/card.js';
import { askServerTime, now } from './data/clock.js';
import { CLOCK_POLLS, POLL_MS, STALL_MS, TICK_MS } from './config.js';
import { announce, byId, h, replace } from './page/dom.js';
import { hideOutside } from './draw/plot.js';
import { renderFilters } from './page/filters.js';
import { renderFreshness } from './sections/freshness.js';
import { renderKpis, renderKpisFromCells, renderNoKpis } from './sections/kpis.js';
import { renderMainChart } from './sections/main-chart.js';
import { closeOutside } from './page/picker.js';
import { parse, toQuery } from './figures/state.js';
import { Store } from './data/store.js';
import { themeButton } from './page/theme-button.js';
import { View } from './figures/view.js';

const SECTIONS = [
  'ttft',
  'tps',
  'heatmap',
  'recommendations',
  'size',
  'models',
  'providers',
  'stuck',
  'completeness',
  'data',
];
/** Counts drawings: one that a later one has overtaken ends early. */
let run = 0;
/** @type {Promise<any> | null} The script of the sections below. */
let below = null;
let waiting = false;
let polls = 0;
let asked = false;
const store = new Store((changed) => (changed || !document.documentElement.dataset.drawn ? later() : showFreshness()));

/** Draws soon, once for all that arrived meanwhile. */
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

/** @param {Partial<State>} part */
function change(part) {
  app.state = { ...app.state, ...part };
  app.ignored = [];
  const address = `${location.pathname}${toQuery(app.state)}${location.hash}`;
  if (address !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, '', address);
  draw();
}

/** Back and forward. */
function followAddress() {
  Object.assign(app, parse(location.search));
  draw();
}

/** What is seen first is drawn at once, the rest in tasks of its own, so that the page answers meanwhile. */
async function draw() {
  const mine = ++run;
  delete document.documentElement.dataset.drawn;
  showFreshness();
  if (!store.summary) return waitForSummary();
  app.summary = store.summary;
  byId('nothing').hidden = true;
  const view = new View(app.state, store, now());
  renderFilters(app.state, view, change);
  // Documents come while this draw waits for its frame: what it started without is for the next one.
  const lacks = view.pending;
  const figures = guarded('kpis', () => (lacks ? renderNoKpis(lacks.error, store) : renderKpis(view))) && !lacks;
  guarded('main-chart', () => renderMainChart(view, change));
  document.title = `Morpheus throughput, ${view.windowText}`;
  const waits = lacks && !lacks.error;
  await shown();
  if (mine !== run) return;
  if (figures) guarded('kpis', () => renderKpisFromCells(view));
  const sections = waits && !below ? [] : await sectionsBelow(view);
  for (const [id, part] of sections) {
    await new Promise((resolve) => setTimeout(resolve));
    if (mine !== run) return;
    guarded(id, part);
  }
  if (!store.isLoading) document.documentElement.dataset.drawn = String(mine);
  if (!asked) askTime();
}

/** Once the figures stand: nobody waits for the time. */
async function askTime() {
  asked = true;
  await askServerTime();
  showFreshness();
}

function showFreshness() {
  renderFreshness(store, { ignored: app.ignored, unknown: store.unknown(app.state) }, () => store.retry());
}

/** After the next frame. */
function shown() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** The other sections, or what says that their script did not come. */
async function sectionsBelow(view) {
  below ??= Promise.race([import('./sections/all.js'), late()]);
  try {
    return (await below).sections(view, change);
  } catch {
    below = null;
    const error = new Error('A part of this page’s script could not be read: reload the page.');
    return SECTIONS.map((id) => [id, () => pending(id, error, store)]);
  }
}

function late() {
  return new Promise((_, fail) => setTimeout(() => fail(new Error('late')), STALL_MS));
}

function waitForSummary() {
  renderFilters(app.state, null, change);
  const error = store.error('summary.json');
  byId('nothing').hidden = error?.kind !== 'absent';
  if (!error) return;
  replace(byId('kpis'), h('p', { class: 'empty' }, 'No figures: the summary could not be read.'));
  for (const id of ['main-chart', ...SECTIONS]) pending(id, error, store);
}

async function poll() {
  if (document.visibilityState === 'hidden') return;
  if (asked && ++polls % CLOCK_POLLS === 0) askTime();
  const before = store.summary?.asOfBlock;
  await store.poll();
  if (before !== undefined && store.summary.asOfBlock > before)
    announce(`New figures, as of block ${store.summary.asOfBlock}.`);
}

/** Where a live server is, as the page's own head says; empty where there is none. */
async function showLive() {
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="live"]'));
  if (!meta?.content) return;
  const { LiveStrip } = await import('./sections/live.js');
  new LiveStrip(meta.content, () => store.names);
}

Object.assign(app, parse(location.search));
themeButton(byId('theme'));
byId('filters').addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('pointerdown', (event) => {
  closeOutside(event);
  hideOutside(event);
});
globalThis.addEventListener('popstate', followAddress);
document.addEventListener('visibilitychange', poll);
globalThis.addEventListener('online', poll);
setInterval(poll, POLL_MS);
setInterval(showFreshness, TICK_MS);
store.need('summary.json');
later();
showLive();
