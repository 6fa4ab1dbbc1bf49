// Everything below the first view. Read once that stands, so that nobody waits for what is not seen yet.
import { renderBoard } from './boards.js';
import { renderCompleteness, renderData } from './completeness.js';
import { byId, replace } from './dom.js';
import { exact } from './format.js';
import { renderHeatmap } from './heatmap.js';
import { renderLatency } from './latency.js';
import { renderStuck } from './panels.js';
import { renderRecommendations } from './recommendations.js';
import { renderSize } from './size.js';

/** [id, draw] of each section in the order of the page. */
export function sections(view, change) {
  const { summary } = view.store;
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
    ['methodology', () => replace(byId('methodology'), `Methodology version ${summary.methodologyVersion}, document schema ${summary.schemaVersion}.`)],
    ['foot', () => replace(byId('foot'), `Published documents hold aggregates and provider addresses only. Block ${exact(summary.asOfBlock)}.`)],
  ];
}
