package org.mor.throughput.contract;

import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainContradictionException;

/** Decodes a getter's return data and says which getter it was when it cannot. */
final class Returns {
  private Returns() {}

  static <T> Optional<T> decode(
      String function,
      Object id,
      Bytes data,
      Function<Bytes, AbiReader> open,
      Function<AbiReader, Optional<T>> read) {
    try {
      return read.apply(open.apply(data));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ChainContradictionException(
          "%s(%s) returned %d bytes that cannot be decoded: %s. Check the contract address and whether the contract was upgraded."
              .formatted(function, id, data.size(), e.getMessage()),
          e);
    }
  }
}
