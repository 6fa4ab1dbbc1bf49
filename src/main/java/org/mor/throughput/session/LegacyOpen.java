package org.mor.throughput.session;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;

/**
 * An open as the earlier indexer wrote it: kept as it stands, to the byte, until it is read from
 * the chain again. Its session id and open time are enough; the rest is used where it makes sense.
 *
 * @param line the stored JSON, without its line end
 * @param openedAt Unix seconds
 * @param endsAt Unix seconds, 0 where unknown
 */
public record LegacyOpen(
    String line,
    Hash32 sessionId,
    long openedAt,
    long endsAt,
    @Nullable UserId user,
    @Nullable Address provider,
    @Nullable Hash32 modelId,
    Wei stake,
    LogPosition position)
    implements OpenRow {
  @Override
  public Reading reading() {
    return Reading.LEGACY;
  }
}
