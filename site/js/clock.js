// Now, as the server sees it: a device whose clock is off by minutes would make fresh figures look stale.

const TOLERANCE_MS = 120_000;
let skew = 0;

/** Takes note of the server's time, where the answer tells it. */
export function noteServerTime(headers) {
  const sent = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(sent)) return;
  const server = sent + 1000 * (Number(headers.get('age')) || 0);
  const off = server - Date.now();
  skew = Math.abs(off) > TOLERANCE_MS ? off : 0;
}

export const now = () => Date.now() + skew;

/** How far this device's clock is behind the server's, in minutes; negative when ahead, 0 when it is right. */
export const clockOffMinutes = () => Math.round(skew / 60_000);
