package org.mor.throughput.contract;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/**
 * A page of one of the contract's lists, oldest first.
 *
 * @param total how many the whole list has
 */
public record Page<T>(List<T> items, long total) {
  public Page {
    items = List.copyOf(items);
    if (total < items.size()) {
      throw new IllegalArgumentException(
          "A page of %d items in a list of %d".formatted(items.size(), total));
    }
  }

  /**
   * Decodes what {@code getProviderSessions} returns.
   *
   * @throws org.mor.throughput.chain.ChainException.ChainContradictionException when it is no such
   *     page
   */
  public static Page<Hash32> ofIds(Bytes data, Address provider) {
    return decode("getProviderSessions", provider, data, Function.identity());
  }

  /**
   * Decodes what {@code getActiveProviders} returns.
   *
   * @throws org.mor.throughput.chain.ChainException.ChainContradictionException when it is no such
   *     page
   */
  public static Page<Address> ofProviders(Bytes data) {
    return decode("getActiveProviders", "", data, Address::fromWord);
  }

  private static <T> Page<T> decode(
      String function, Object about, Bytes data, Function<Hash32, T> item) {
    return AbiReader.decode(
            function,
            about,
            data,
            AbiReader::ofStatic,
            in -> Optional.of(new Page<>(in.words(0).stream().map(item).toList(), in.number(1))))
        .orElseThrow();
  }
}
