package org.mor.throughput.adapter.rpc;

/**
 * What an operation needs of an endpoint.
 *
 * @param block the lowest block it reads, which decides who has pruned it
 * @param kind what of the block: nodes drop old state long before old logs, and headers last
 */
record Need(long block, Kind kind) {
  /** What of a block is read. */
  enum Kind {
    HEADER,
    /** An endpoint that has left logs out is asked last. */
    LOGS,
    STATE
  }

  /** For operations that need no particular block. */
  static final Need NEWEST = new Need(Long.MAX_VALUE, Kind.HEADER);

  static Need headerOf(long block) {
    return new Need(block, Kind.HEADER);
  }

  static Need stateAt(long block) {
    return new Need(block, Kind.STATE);
  }

  static Need logsFrom(long block) {
    return new Need(block, Kind.LOGS);
  }

  boolean isNewest() {
    return block == Long.MAX_VALUE;
  }
}
