// Starts the page: state from the address, documents into the store, everything drawn from both.
import { renderBoard } from './boards.js';
import { guarded } from './card.js';
import { now } from './clock.js';
import { renderCompleteness, renderData } from './completeness.js';
import { POLL_MS, TICK_MS } from './config.js';
import { announce, byId, h, replace } from './dom.js';
import { renderFilters } from './filters.js';
import { renderFreshness } from './freshness.js';
import { renderHeatmap } from './heatmap.js';
import { renderKpis, renderNoKpis } from './kpis.js';
import { renderLatency } from './latency.js';
import { renderMainChart } from './main-chart.js';
import { closeOutside } from './picker.js';
import { renderRecommendations } from './recommendations.js';
import { renderSize } from './size.js';
import { renderStuck } from './panels.js';
import { parse, toQuery } from './state.js';
import { Store } from './store.js';
import { themeButton } from './theme-button.js';
import { pending } from './card.js';
import { View } from './view.js';

const start = parse(location.search);
let state = start.state;
let ignored = start.ignored;
let run = 0;
let waiting = false;
const store = new Store(() => later());

/** Draws soon, once for all that arrived meanwhile. */
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function change(part) {
  state = { ...state, ...part };
  ignored = [];
  history.replaceState(null, '', `${location.pathname}${toQuery(state)}${location.hash}`);
  draw();
}

/** What is seen first is drawn at once, the rest in tasks of its own, so that the page answers meanwhile. */
async function draw() {
  const mine = ++run;
  delete document.documentElement.dataset.drawn;
  renderFreshness(store, ignored, () => store.retry());
  if (!store.summary) return waitForSummary();
  const view = new View(state, store, now());
  renderFilters(state, view, change);
  guarded('kpis', () => (view.pending ? renderNoKpis(view.pending.error, store) : renderKpis(view)));
  guarded('main-chart', () => renderMainChart(view, change));
  document.title = `Morpheus throughput, ${view.windowText}`;
  for (const [id, part] of rest(view)) {
    await new Promise((resolve) => setTimeout(resolve));
    if (mine !== run) return;
    guarded(id, part);
  }
  document.documentElement.dataset.drawn = String(mine);
}

function rest(view) {
  return [
    ['ttft', () => renderLatency(view, 'ttft')],
    ['tps', () => renderLatency(view, 'tps')],
    ['heatmap', () => renderHeatmap(view, change)],
    ['recommendations', () => renderRecommendations(view, change)],
    ['size', () => renderSize(view)],
    ['models', () => renderBoard(view, 'model', change)],
    ['providers', () => renderBoard(view, 'provider', change)],
    ['stuck', () => renderStuck(view)],
    ['completeness', () => renderCompleteness(view)],
    ['data', () => renderData(view)],
    ['methodology', () => replace(byId('methodology'), `Methodology version ${view.store.summary.methodologyVersion}, document schema ${view.store.summary.schemaVersion}.`)],
    ['foot', () => replace(byId('foot'), `Published documents hold aggregates and provider addresses only. Block ${view.store.summary.asOfBlock}.`)],
  ];
}

function waitForSummary() {
  renderFilters(state, null, change);
  const error = store.error('summary.json');
  if (!error) return;
  replace(byId('kpis'), h('p', { class: 'empty' }, 'No figures: the summary could not be read.'));
  for (const id of ['main-chart', 'ttft', 'tps', 'heatmap', 'recommendations', 'size', 'models', 'providers', 'stuck', 'completeness', 'data']) pending(id, error, store);
}

async function poll() {
  if (document.visibilityState === 'hidden') return;
  const before = store.summary?.asOfBlock;
  await store.poll();
  if (before !== undefined && store.summary.asOfBlock > before) announce(`New figures, as of block ${store.summary.asOfBlock}.`);
}

themeButton(byId('theme'));
byId('filters').addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('pointerdown', closeOutside);
document.addEventListener('visibilitychange', poll);
globalThis.addEventListener('online', poll);
setInterval(poll, POLL_MS);
setInterval(() => renderFreshness(store, ignored, () => store.retry()), TICK_MS);
store.need('summary.json');
later();
