package org.mor.throughput.rollup;

/** What a cell counts: opens, and closes of each kind. */
enum Count {
  OPENED,
  CLOSED,
  DISPUTED,
  CLOSED_EARLY,
  WITH_TOKENS,
  LEGACY_EST,
  MISSING_TOKENS,
  IDLE,
  FLAGGED,
  GATEWAY
}
