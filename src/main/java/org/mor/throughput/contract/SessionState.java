package org.mor.throughput.contract;

import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

/**
 * What {@code getSession} returns. Everything but {@code paid} is final once the session is closed.
 *
 * @param stake the user's stake in wei
 * @param closeoutType 0 also for a session that is still open
 * @param paid providerWithdrawnAmount in wei: grows when the provider claims, without any event
 * @param openedAt Unix seconds
 * @param endsAt Unix seconds
 * @param closedAt Unix seconds; 0 while the session is open
 */
public record SessionState(
    Address user,
    Hash32 bidId,
    Wei stake,
    Bytes receipt,
    int closeoutType,
    Wei paid,
    long openedAt,
    long endsAt,
    long closedAt,
    boolean isActive,
    boolean directPayment) {
  private static final long MAX_TYPE = 255;

  /**
   * Decodes the return data; empty for the all-zero struct by which the contract says that it does
   * not know the session.
   *
   * @throws ChainContradictionException when the data is no such struct
   */
  public static Optional<SessionState> decode(Bytes data, Hash32 sessionId) {
    return AbiReader.decode(
        "getSession", sessionId, data, AbiReader::ofDynamic, SessionState::read);
  }

  private static Optional<SessionState> read(AbiReader in) {
    long openedAt = in.number(6);
    Address user = in.address(0);
    if (user.isZero() || openedAt == 0) {
      return Optional.empty();
    }
    long type = in.number(4);
    if (type > MAX_TYPE) {
      throw new IllegalArgumentException("Closeout type " + type);
    }
    return Optional.of(
        new SessionState(
            user,
            in.hash(1),
            in.wei(2),
            in.bytes(3),
            (int) type,
            in.wei(5),
            openedAt,
            in.number(7),
            in.number(8),
            in.bool(9),
            in.bool(10)));
  }
}
