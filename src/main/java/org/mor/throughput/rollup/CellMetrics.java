package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The last step: from a cell's integers to rounded figures. */
final class CellMetrics {
  private CellMetrics() {}

  /** The figures of a cell; those about gateway wallets are null unless some are configured. */
  static Metrics of(Cell cell, boolean gatewayKnown) {
    return new Metrics(
        sessions(cell, gatewayKnown),
        tokens(cell, gatewayKnown),
        quality(cell),
        cell.distinct(),
        new MorSums(
            MorAmount.ofWei(cell.total(Amount.STAKE)),
            MorAmount.ofWei(cell.total(Amount.PAID)),
            MorAmount.ofWei(cell.total(Amount.EARNED))));
  }

  private static SessionCounts sessions(Cell cell, boolean gatewayKnown) {
    return new SessionCounts(
        cell.count(Count.OPENED),
        cell.count(Count.CLOSED),
        cell.count(Count.DISPUTED),
        cell.count(Count.CLOSED_EARLY),
        cell.count(Count.WITH_TOKENS),
        cell.count(Count.LEGACY_EST),
        cell.count(Count.MISSING_TOKENS),
        cell.count(Count.IDLE),
        cell.count(Count.FLAGGED),
        gatewayKnown ? (Long) cell.count(Count.GATEWAY) : null,
        cell.total(Amount.SECONDS));
  }

  private static TokenSums tokens(Cell cell, boolean gatewayKnown) {
    return new TokenSums(
        cell.total(Amount.INPUT_TOKENS),
        cell.total(Amount.OUTPUT_TOKENS),
        thousandths(cell.total(Amount.LEGACY_MILLI_TOKENS)),
        thousandths(cell.total(Amount.DISPUTED_MILLI_TOKENS)),
        cell.total(Amount.FLAGGED_TOKENS),
        gatewayKnown ? thousandths(cell.total(Amount.GATEWAY_MILLI_TOKENS)) : null);
  }

  private static QualityStats quality(Cell cell) {
    long tpsSamples = cell.tps().count();
    long ttftSamples = cell.ttft().count();
    return new QualityStats(
        mean(thousandths(cell.total(Amount.MILLI_TPS)), tpsSamples, 3),
        mean(thousandths(cell.total(Amount.MILLI_TPS_CLAMPED)), tpsSamples, 3),
        mean(new BigDecimal(cell.total(Amount.TTFT_MS)), ttftSamples, 1),
        Percentiles.of(cell.tps(), 3),
        Percentiles.of(cell.ttft(), 0),
        tpsSamples,
        ttftSamples);
  }

  private static BigDecimal thousandths(BigInteger value) {
    return new BigDecimal(value, 3);
  }

  private static @Nullable BigDecimal mean(BigDecimal sum, long samples, int decimals) {
    return samples == 0
        ? null
        : sum.divide(BigDecimal.valueOf(samples), decimals, RoundingMode.HALF_EVEN);
  }
}
