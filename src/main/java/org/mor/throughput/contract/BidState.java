package org.mor.throughput.contract;

import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

/**
 * What {@code getBid} returns, as far as it never changes: a new price is a new bid.
 *
 * @param pricePerSecond in wei a second
 */
public record BidState(Address provider, Hash32 modelId, Wei pricePerSecond) {
  /**
   * Decodes the return data; empty for the all-zero struct of an unknown bid.
   *
   * @throws ChainContradictionException when the data is no such struct
   */
  public static Optional<BidState> decode(Bytes data, Hash32 bidId) {
    return AbiReader.decode("getBid", bidId, data, AbiReader::ofStatic, BidState::read);
  }

  private static Optional<BidState> read(AbiReader in) {
    Address provider = in.address(0);
    long createdAt = in.number(4);
    return provider.isZero() || createdAt == 0
        ? Optional.empty()
        : Optional.of(new BidState(provider, in.hash(1), in.wei(2)));
  }
}
