package org.mor.throughput.session;

/** Input and output tokens of a whole session, each from 0 to 2^32 - 1. */
public record TokenTotals(long input, long output) {
  private static final long MAX = (1L << 32) - 1;

  public TokenTotals {
    if (input < 0 || input > MAX || output < 0 || output > MAX) {
      throw new IllegalArgumentException(
          "Token totals must fit 32 bits: %d in, %d out".formatted(input, output));
    }
  }

  public long total() {
    return input + output;
  }
}
