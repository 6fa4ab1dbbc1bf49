// Now, as the server sees it: a device whose clock is off by minutes would make fresh figures look stale.
import { API, STALL_MS } from '../config.js';

const TOLERANCE_MS = 120_000;
let skew = 0;

/**
 * Asks the server for its time. An answer out of a cache has the time at which it was stored, so the browser's is not
 * used and an answer that another cache gave (it has an Age) says nothing. Without an answer the last correction
 * stays.
 */
export async function askServerTime() {
  let answer;
  try {
    answer = await fetch(`${API}summary.json`, {
      method: 'HEAD',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(STALL_MS),
    });
  } catch {
    return;
  }
  const sent = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(sent) || Number(answer.headers.get('age') ?? 0) !== 0) return;
  const off = sent - Date.now();
  skew = Math.abs(off) > TOLERANCE_MS ? off : 0;
}

export const now = () => Date.now() + skew;

/** How far this device's clock is behind the server's, in minutes; negative when ahead, 0 when it is right. */
export const clockOffMinutes = () => Math.round(skew / 60_000);
