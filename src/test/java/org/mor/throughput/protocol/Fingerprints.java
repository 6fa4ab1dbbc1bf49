package org.mor.throughput.protocol;

/**
 * 64 bits that stand for a state. Of ten million states, two are taken for one once in 350,000
 * runs.
 */
final class Fingerprints {
  private Fingerprints() {}

  static long mix(long hash, long value) {
    long h = (hash ^ value) * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
    return h ^ (h >>> 29);
  }
}
