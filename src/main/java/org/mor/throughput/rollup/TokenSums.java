package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bucket's tokens. What comes from receipts is whole; an estimate has up to 3 decimals.
 *
 * @param disputed the part of the total that comes from disputed closes
 * @param flagged the part of the total that comes from implausible closes
 * @param gateway the part that comes from gateway wallets; null while none is configured
 */
public record TokenSums(
    BigInteger input,
    BigInteger output,
    BigDecimal legacyEst,
    BigDecimal disputed,
    BigInteger flagged,
    @Nullable BigDecimal gateway) {
  /** Input and output tokens of all receipts. */
  public BigInteger receipt() {
    return input.add(output);
  }

  /** Receipts and estimates together. */
  public BigDecimal total() {
    return new BigDecimal(receipt()).add(legacyEst);
  }
}
