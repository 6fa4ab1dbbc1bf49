package org.mor.throughput.session;

import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;

/**
 * A close as the earlier indexer wrote it: kept as it stands, to the byte, until it is read from
 * the chain again. Its session id and close time are enough; the rest is used where it makes sense.
 *
 * @param line the stored JSON, without its line end
 * @param facts what could be made of it
 */
public record LegacyClose(String line, LogPosition position, CloseFacts facts) implements CloseRow {
  @Override
  public Hash32 sessionId() {
    return facts.sessionId();
  }

  @Override
  public long closedAt() {
    return facts.closedAt();
  }

  @Override
  public Reading reading() {
    return Reading.LEGACY;
  }
}
