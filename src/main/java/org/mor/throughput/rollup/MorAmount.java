package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** The step from exact wei to what is published. */
public final class MorAmount {
  private static final int WEI_DECIMALS = 18;
  private static final int PUBLISHED_DECIMALS = 6;

  private MorAmount() {}

  /** Wei as MOR, rounded half-even to 6 decimals. */
  public static BigDecimal ofWei(BigInteger wei) {
    return new BigDecimal(wei, WEI_DECIMALS).setScale(PUBLISHED_DECIMALS, RoundingMode.HALF_EVEN);
  }
}
