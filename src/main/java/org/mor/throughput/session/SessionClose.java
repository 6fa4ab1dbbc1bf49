package org.mor.throughput.session;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;

/**
 * One closed session, as stored since schema 2.
 *
 * @param modelName the model's name when the row was read, made safe to show
 * @param openedAt Unix seconds
 * @param endsAt Unix seconds; when the paid time runs out
 * @param closedAt Unix seconds; the block time of the close
 * @param stake the user's stake in wei
 * @param pricePerSecond the bid's price in wei a second
 * @param paid what the provider had been paid when the row was read; grows when the provider claims
 * @param closeoutType 0 signed by the provider, 1 by someone else ("disputed")
 * @param position of the SessionClosed log
 * @param reading at or above the event's block
 */
public record SessionClose(
    Hash32 sessionId,
    UserId user,
    Address provider,
    Hash32 bidId,
    Hash32 modelId,
    String modelName,
    long openedAt,
    long endsAt,
    long closedAt,
    Wei stake,
    Wei pricePerSecond,
    Wei paid,
    int closeoutType,
    boolean directPayment,
    CloseoutReceipt receipt,
    LogPosition position,
    Hash32 txHash,
    Reading reading)
    implements CloseRow {
  public SessionClose {
    if (openedAt <= 0 || closedAt < openedAt || endsAt < 0) {
      throw new IllegalArgumentException(
          "Session %s has impossible times: opened %d, ends %d, closed %d"
              .formatted(sessionId, openedAt, endsAt, closedAt));
    }
    if (closeoutType < 0 || reading.block() < position.block()) {
      throw new IllegalArgumentException(
          "Session %s: closeout type %d, closed in block %d but read at %d"
              .formatted(sessionId, closeoutType, position.block(), reading.block()));
    }
  }

  /** max(0, min(closedAt, endsAt) - openedAt): the seconds the provider is paid for. */
  public long durationSeconds() {
    return Math.max(0, Math.min(closedAt, endsAt) - openedAt);
  }

  public boolean isDisputed() {
    return closeoutType == 1;
  }

  public boolean isEarly() {
    return closedAt < endsAt;
  }

  /** What the provider earned: durationSeconds times the price. */
  public Wei earned() {
    return pricePerSecond.times(durationSeconds());
  }

  /**
   * Whether {@code paid} can still grow: the provider of a disputed early close waits for the part
   * on hold, and any provider may be owed what its limit held back ({@code claimForProvider}).
   */
  public boolean isUnsettled() {
    return (isDisputed() && isEarly()) || paid.compareTo(earned()) < 0;
  }

  public SessionClose withUser(UserId other) {
    return other.equals(user) ? this : with(other, reading);
  }

  /** The same row, read at another time or retracted. */
  public SessionClose withReading(Reading other) {
    return with(user, other);
  }

  private SessionClose with(UserId newUser, Reading newReading) {
    return new SessionClose(
        sessionId,
        newUser,
        provider,
        bidId,
        modelId,
        modelName,
        openedAt,
        endsAt,
        closedAt,
        stake,
        pricePerSecond,
        paid,
        closeoutType,
        directPayment,
        receipt,
        position,
        txHash,
        newReading);
  }

  @Override
  public CloseFacts facts() {
    return new CloseFacts(
        sessionId,
        openedAt,
        closedAt,
        durationSeconds(),
        isDisputed(),
        isEarly(),
        user,
        provider,
        modelId,
        modelName,
        stake,
        paid,
        earned(),
        receipt,
        null,
        position.block());
  }
}
