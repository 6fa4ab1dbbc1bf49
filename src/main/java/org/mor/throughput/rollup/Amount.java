package org.mor.throughput.rollup;

/** What a cell adds up; a MILLI amount is in thousandths, an amount of MOR in wei. */
enum Amount {
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  LEGACY_MILLI_TOKENS,
  DISPUTED_MILLI_TOKENS,
  FLAGGED_TOKENS,
  GATEWAY_MILLI_TOKENS,
  SECONDS,
  STAKE,
  PAID,
  EARNED,
  MILLI_TPS,
  MILLI_TPS_CLAMPED,
  TTFT_MS
}
