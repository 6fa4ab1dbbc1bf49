package org.mor.throughput.proof;

import java.math.BigInteger;
import java.util.Optional;

/**
 * One figure of the rows beside the contract's own.
 *
 * @param what names it, such as {@code opens}
 * @param contract empty where the contract does not have the getter (any more)
 */
public record Compared(String what, BigInteger rows, Optional<BigInteger> contract) {
  public static Compared of(String what, long rows, Optional<BigInteger> contract) {
    return new Compared(what, BigInteger.valueOf(rows), contract);
  }

  /** Whether there are two figures and they are not the same. */
  public boolean differs() {
    return contract.isPresent() && !contract.get().equals(rows);
  }
}
