package org.mor.throughput.adapter.rpc;

/**
 * What an operation needs of an endpoint.
 *
 * @param block the lowest block it reads, which decides who has pruned it
 * @param logs whether it reads logs, so that an endpoint that has left some out is asked last
 */
record Need(long block, boolean logs) {
  /** For operations that need no particular block. */
  static final Need NEWEST = new Need(Long.MAX_VALUE, false);

  static Need stateAt(long block) {
    return new Need(block, false);
  }

  static Need logsFrom(long block) {
    return new Need(block, true);
  }

  boolean isNewest() {
    return block == Long.MAX_VALUE;
  }
}
