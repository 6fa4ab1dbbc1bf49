package org.mor.throughput.index;

import org.mor.throughput.base.SplitMix;

/** Whose turn it is, without remembering whose it was: over many seeds everybody is picked. */
final class Turn {
  private Turn() {}

  /**
   * One of {@code many}, counted from 0, the same one for the same seed; seeds that differ pick as
   * if by chance.
   *
   * @param many at least 1
   */
  static long of(String seed, long many) {
    return Long.remainderUnsigned(mixed(seed), many);
  }

  /** FNV-1a over the characters, then the finalizer of SplitMix64: close seeds end far apart. */
  private static long mixed(String seed) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < seed.length(); i++) {
      hash = (hash ^ seed.charAt(i)) * 0x100000001b3L;
    }
    return SplitMix.mix(hash);
  }
}
