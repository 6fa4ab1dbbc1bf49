package org.mor.throughput.session;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;

/**
 * One closed session in today's schema.
 *
 * @param modelName the model's name when the row was read, made safe to show
 * @param openedAt Unix seconds
 * @param endsAt Unix seconds; when the paid time runs out
 * @param closedAt Unix seconds; the block time of the close
 * @param stake the user's stake in wei
 * @param pricePerSecond the bid's price in wei a second
 * @param paid what the provider had been paid at {@code readAtBlock}; grows when the provider
 *     claims
 * @param closeoutType 0 signed by the provider, 1 by someone else ("disputed")
 * @param position of the SessionClosed log
 * @param readAtBlock the block whose state the row was read at
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
    long readAtBlock)
    implements CloseRow {
  /** The schema version of these rows. */
  public static final int SCHEMA = 2;

  public SessionClose {
    if (openedAt <= 0 || closedAt < openedAt || endsAt < 0) {
      throw new IllegalArgumentException(
          "Session %s has impossible times: opened %d, ends %d, closed %d"
              .formatted(sessionId, openedAt, endsAt, closedAt));
    }
    if (closeoutType < 0 || readAtBlock < position.block()) {
      throw new IllegalArgumentException(
          "Session %s: closeout type %d, closed in block %d but read at %d"
              .formatted(sessionId, closeoutType, position.block(), readAtBlock));
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
    return new SessionClose(
        sessionId,
        other,
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
        readAtBlock);
  }

  @Override
  public int schema() {
    return SCHEMA;
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
