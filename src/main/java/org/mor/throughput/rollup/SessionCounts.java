package org.mor.throughput.rollup;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions a bucket has of each kind. Every close is in exactly one of withTokens,
 * legacyEst and missingTokens.
 *
 * @param gateway closes by a gateway wallet; null while none is configured
 * @param seconds the time the closes are paid for
 */
public record SessionCounts(
    long opened,
    long closed,
    long disputed,
    long closedEarly,
    long withTokens,
    long legacyEst,
    long missingTokens,
    long idle,
    long flagged,
    @Nullable Long gateway,
    BigInteger seconds) {
  public SessionCounts {
    if (closed != withTokens + legacyEst + missingTokens) {
      throw new IllegalArgumentException(
          "Token classes do not add up: %d closed, but %d with tokens, %d estimated, %d missing"
              .formatted(closed, withTokens, legacyEst, missingTokens));
    }
    if (disputed > closed || closedEarly > closed || idle > withTokens || flagged > withTokens) {
      throw new IllegalArgumentException(
          "More of a kind than there are: %d disputed, %d early of %d; %d idle, %d flagged of %d"
              .formatted(disputed, closedEarly, closed, idle, flagged, withTokens));
    }
  }
}
