package org.mor.throughput.session;

/** Every close is in exactly one of these. */
public enum TokenClass {
  /**
   * Token totals are known from a seven-field receipt (or carried by an old row), also when they
   * are 0.
   */
  RECEIPT,
  /** Five-field receipt with tps &gt; 0 in the legacy window: tokens are estimated. */
  LEGACY_ESTIMATE,
  /** Everything else adds no tokens. */
  MISSING
}
