// What went through known gateways.
import { compact, exact, percent, plural } from '../figures/format.js';

/**
 * One line on the gateways, under the main chart; nothing where none is configured.
 *
 * @param {View} view
 */
export function gatewayLine(view) {
  if (view.filtered)
    return view.store.summary.allTime?.sessionsGateway == null
      ? null
      : 'The share of gateways is published for all sessions together: reset the filters to see it.';
  const buckets = view.rows.filter((row) => row.a).map((row) => view.seriesBuckets().get(row.start));
  if (buckets.length === 0 || buckets.some((bucket) => bucket.sessionsGateway === null)) return null;
  const sum = (key) => buckets.reduce((total, bucket) => total + bucket[key], 0);
  const [mine, all] = [sum('sessionsGateway'), sum('sessionsClosed')];
  const [tokens, allTokens] = [sum('tokensGateway'), sum('tokens')];
  if (all === 0) return null;
  return (
    `Through known gateways: ${exact(mine)} of ${plural(all, 'session')} (${percent(mine, all)}) and ` +
    `${percent(tokens, allTokens)} of the ${compact(allTokens)} tokens in receipts and estimates. ` +
    'One gateway wallet serves many people.'
  );
}
