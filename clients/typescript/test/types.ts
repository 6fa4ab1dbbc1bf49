// ClientsTest compiles this against the packed declarations: `event_name` narrows an event.
import { LiveClient, LiveError, type Gap, type LiveEvent } from 'morpheus-throughput-live';

export function tokens(event: LiveEvent): number | null {
  switch (event.event_name) {
    case 'SessionClosed':
      return event.payload.receipt.output_tokens;
    case 'Throughput':
      return event.payload.windows['5m'].tokens_per_second;
    case 'BidPosted':
      return event.payload.bid_id === null ? null : 0;
    case 'SessionRetracted':
      // @ts-expect-error a retraction has no receipt
      return event.payload.receipt;
    default:
      return event.server_seqno ?? null;
  }
}

export async function follow(): Promise<Gap[]> {
  const gaps: Gap[] = [];
  const live = new LiveClient('http://127.0.0.1:8700', { onGap: (gap) => gaps.push(gap), minStage: 'safe' });
  // @ts-expect-error no such stage
  await live.subscribe({ minStage: 'rejected' });
  try {
    for await (const event of live) tokens(event);
  } catch (error) {
    if (error instanceof LiveError && error.code === 1008) throw error;
  }
  return gaps;
}
