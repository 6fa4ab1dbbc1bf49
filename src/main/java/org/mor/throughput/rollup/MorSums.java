package org.mor.throughput.rollup;

import java.math.BigDecimal;

/** MOR staked, paid and earned by a bucket's closes, each rounded half-even to 6 decimals. */
public record MorSums(BigDecimal stake, BigDecimal paid, BigDecimal earned) {}
