package org.mor.throughput.index;

import org.mor.throughput.chain.BlockRange;

/** Hears how a scan goes on. */
public interface ScanListener {
  /** So many blocks are going to be scanned, at the most. */
  default void planned(long blocks) {}

  /** The logs of a range were read; it is not committed yet. */
  void scanned(BlockRange range, int events);

  /** All rows of a range are durable and the range counts as covered. */
  void committed(BlockRange range, int opens, int closes);

  /** Hears nothing. */
  static ScanListener none() {
    return new ScanListener() {
      @Override
      public void scanned(BlockRange range, int events) {}

      @Override
      public void committed(BlockRange range, int opens, int closes) {}
    };
  }
}
