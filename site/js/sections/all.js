// Everything below the first view. Read once that stands, so that nobody waits for what is not seen yet.
import { renderBoard } from './boards.js';
import { renderCompleteness, renderData } from './completeness.js';
import { byId, replace } from '../page/dom.js';
import { date, exact } from '../figures/format.js';
import { renderHeatmap } from './heatmap.js';
import { renderLatency } from './latency.js';
import { renderOperations } from './operations.js';
import { renderStuck } from './stuck.js';
import { renderRecommendations } from './recommendations.js';
import { renderSize } from './size.js';

/**
 * [id, draw] of each section in the order of the page.
 *
 * @param {View} view
 */
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
    ['operations', () => renderOperations(view)],
    ['data', () => renderData(view)],
    [
      'methodology',
      () =>
        replace(
          byId('methodology'),
          `Methodology version ${exact(summary.methodologyVersion)}, document schema ${summary.schemaVersion}.`,
        ),
    ],
    ['estimates', () => replace(byId('estimates'), estimatesText(summary.methodology))],
    [
      'foot',
      () =>
        replace(
          byId('foot'),
          `Published documents hold aggregates and provider addresses only. Block ${exact(summary.asOfBlock)}.`,
        ),
    ],
  ];
}

/** Which closes are estimated, as the summary says it. */
function estimatesText(methodology) {
  if (!methodology)
    return 'Early receipts had no token totals, and this summary does not say which closes are estimated.';
  const [from, until] = [methodology.legacyEstimateFrom, methodology.legacyEstimateUntil].map((time) =>
    Date.parse(time),
  );
  if (until <= from) return 'No close is estimated.';
  const most = methodology.tpsClamp === null ? '' : `, at most ${exact(methodology.tpsClamp)} tokens a second,`;
  return (
    `Receipts of closes from ${date(from)} to ${date(until - 1)} may have no token totals. Their tokens are ` +
    `estimated: speed${most} times duration.`
  );
}
