package org.mor.throughput.demo;

/** The four figures of a receipt, each from 0 to 2^32 - 1. */
record ReceiptNumbers(long tpsScaled1000, long ttftMs, long inputTokens, long outputTokens) {
  static final long MAX = (1L << 32) - 1;
  static final ReceiptNumbers IDLE = new ReceiptNumbers(0, 0, 0, 0);
  static final ReceiptNumbers MAXIMUM = new ReceiptNumbers(MAX, MAX, MAX, MAX);

  ReceiptNumbers {
    for (long value : new long[] {tpsScaled1000, ttftMs, inputTokens, outputTokens}) {
      if (value < 0 || value > MAX) {
        throw new IllegalArgumentException("A receipt's figure must fit 32 bits: " + value);
      }
    }
  }

  boolean isIdle() {
    return equals(IDLE);
  }
}
