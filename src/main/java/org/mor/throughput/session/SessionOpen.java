package org.mor.throughput.session;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;

/**
 * One opened session, as stored.
 *
 * @param openedAt Unix seconds; the block time of the open
 * @param endsAt Unix seconds; when the paid time runs out
 * @param stake the user's stake in wei
 * @param directPayment whether the user pays the provider directly
 * @param position of the SessionOpened log
 */
public record SessionOpen(
    Hash32 sessionId,
    UserId user,
    Address provider,
    Hash32 bidId,
    Hash32 modelId,
    long openedAt,
    long endsAt,
    Wei stake,
    boolean directPayment,
    LogPosition position,
    Hash32 txHash) {
  public SessionOpen {
    if (openedAt <= 0 || endsAt < 0) {
      throw new IllegalArgumentException(
          "Session %s has impossible times: opened %d, ends %d"
              .formatted(sessionId, openedAt, endsAt));
    }
  }

  public SessionOpen withUser(UserId other) {
    return new SessionOpen(
        sessionId,
        other,
        provider,
        bidId,
        modelId,
        openedAt,
        endsAt,
        stake,
        directPayment,
        position,
        txHash);
  }

  /** What the metrics need of the row. */
  public OpenFacts facts() {
    return new OpenFacts(sessionId, openedAt, endsAt, provider, modelId, stake, position.block());
  }
}
