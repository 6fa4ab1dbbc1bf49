package org.mor.throughput.rollup;

import org.mor.throughput.chain.Hash32;

/** A model's name as one close has it. */
record NewestName(long closedAt, Hash32 sessionId, String name) {
  /** The later of two; of two at one time always the same one, whatever their order. */
  NewestName newer(NewestName other) {
    if (closedAt != other.closedAt) {
      return closedAt > other.closedAt ? this : other;
    }
    return sessionId.compareTo(other.sessionId) >= 0 ? this : other;
  }
}
