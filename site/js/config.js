// Every constant that a reader of the page could ask about.

/** Where the documents are, from the page's own address. The one place that names it. */
export const API = 'api/throughput/';

export const SCHEMA_VERSION = 1;
export const MAX_BYTES = 8 * 1024 * 1024;
/** Cells that are needed only for a comparison are read up to this size. */
export const LIGHT_BYTES = 300_000;
/** A request that stays silent for so long is given up. */
export const STALL_MS = 20_000;
export const POLL_MS = 60_000;
/** The server is asked for its time at the start and with every so manieth poll. */
export const CLOCK_POLLS = 10;
export const TICK_MS = 30_000;

/** A live server that refused is asked again after this time. */
export const LIVE_RETRY_MS = 30_000;
/** How often the strip counts on how long ago something happened. */
export const LIVE_TICK_MS = 5_000;
/** What arrives within this time is drawn at once. */
export const LIVE_DRAW_MS = 100;
/** How long something counts as new. */
export const LIVE_NEW_MS = 1_500;
/** Models and providers that the strip names, each. */
export const LIVE_ROWS = 3;

/** Age of asOfTime, in minutes. */
export const FRESH_MINUTES = 30;
export const STALE_MINUTES = 90;

/** What each figure needs before it is shown: docs/gates.md, with the reasons. Percentiles need samples. */
export const GATES = { 50: 30, 95: 72, 99: 368, runs: 30, wallets: 5, days: 3, sessions: 30 };

/** Days in the short series document: the default view and what it is compared with. */
export const RECENT_DAYS = 60;
/** Series of the main chart that have a colour; up to MOST_SERIES, with a pattern, while the rest is more than half. */
export const SERIES = 6;
export const MOST_SERIES = 12;
export const BOARD_ROWS = 25;
export const HEAT_ROWS = 12;
export const HEAT_COLUMNS = 8;

export const RANGES = { '24h': 1, '7d': 7, '30d': 30, '90d': 90, '1y': 365, all: Infinity };
export const IN_CLASSES = ['low', 'medium', 'high'];
export const OUT_CLASSES = ['short', 'medium', 'long'];
export const CLASS_TEXT = {
  in: ['under 1,000', '1,000 to 9,999', '10,000 or more'],
  out: ['under 500', '500 to 3,999', '4,000 or more'],
};
export const MEASURES = {
  tokens: { label: 'Tokens', unit: 'tokens' },
  sessions: { label: 'Sessions', unit: 'sessions' },
  hours: { label: 'Compute hours', unit: 'hours' },
};
/**
 * Tokens of two windows are compared where the shares of sessions whose receipts state tokens differ by at most this.
 */
export const COMPARABLE_SHARE = 0.1;
export const EXPLORERS = {
  base: 'https://basescan.org/address/',
  'base-sepolia': 'https://sepolia.basescan.org/address/',
  'arbitrum-one': 'https://arbiscan.io/address/',
  'arbitrum-sepolia': 'https://sepolia.arbiscan.io/address/',
};
