package org.mor.throughput.demo;

/** When the published paid amounts were read; providers claim later without any event. */
public enum PaidReading {
  /** Every row holds what was paid by asOfBlock. */
  AT_AS_OF,
  /** Each row was read at some block from its close on, up to the market's head. */
  SINCE_CLOSE
}
