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
 * @param reading at or above the event's block; before schema 3 the event's block itself
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
    Hash32 txHash,
    Reading reading)
    implements OpenRow {
  public SessionOpen {
    if (openedAt <= 0 || endsAt < 0) {
      throw new IllegalArgumentException(
          "Session %s has impossible times: opened %d, ends %d"
              .formatted(sessionId, openedAt, endsAt));
    }
    if (reading.block() < position.block()
        || (reading.schema() < Reading.SCHEMA && reading.block() != position.block())) {
      throw new IllegalArgumentException(
          "Session %s: opened in block %d but read at %d in schema %d"
              .formatted(sessionId, position.block(), reading.block(), reading.schema()));
    }
  }

  public SessionOpen withUser(UserId other) {
    return other.equals(user) ? this : with(other, reading);
  }

  /** The same row, read at another time or retracted. */
  public SessionOpen withReading(Reading other) {
    return with(user, other);
  }

  private SessionOpen with(UserId newUser, Reading newReading) {
    return new SessionOpen(
        sessionId,
        newUser,
        provider,
        bidId,
        modelId,
        openedAt,
        endsAt,
        stake,
        directPayment,
        position,
        txHash,
        newReading);
  }
}
