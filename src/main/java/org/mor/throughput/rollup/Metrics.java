package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Cell.Amount;
import org.mor.throughput.rollup.Cell.Count;

/** Everything that is published about one bucket or window. */
public record Metrics(
    SessionCounts sessions,
    TokenSums tokens,
    QualityStats quality,
    DistinctCounts distinct,
    MorSums mor) {
  /**
   * How many sessions a bucket has of each kind. Every close is in exactly one of withTokens,
   * legacyEst and missingTokens.
   *
   * @param gateway closes by a gateway wallet; null while none is configured
   * @param seconds the time the closes are paid for
   */
  public record SessionCounts(
      long opened,
      long closed,
      long disputed,
      long closedEarly,
      long withTokens,
      long legacyEst,
      long missingTokens,
      long idle,
      long flagged,
      @Nullable Long gateway,
      BigInteger seconds) {
    public SessionCounts {
      if (closed != withTokens + legacyEst + missingTokens) {
        throw new IllegalArgumentException(
            "Token classes do not add up: %d closed, but %d with tokens, %d estimated, %d missing"
                .formatted(closed, withTokens, legacyEst, missingTokens));
      }
      if (disputed > closed || closedEarly > closed || idle > withTokens || flagged > withTokens) {
        throw new IllegalArgumentException(
            "More of a kind than there are: %d disputed, %d early of %d; %d idle, %d flagged of %d"
                .formatted(disputed, closedEarly, closed, idle, flagged, withTokens));
      }
    }
  }

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

  /**
   * Speed over the quality samples of a bucket: tokens per second to 3 decimals, milliseconds to
   * the first token to 1. Null without a sample.
   */
  public record QualityStats(
      @Nullable BigDecimal avgTps,
      @Nullable BigDecimal avgTpsClamped,
      @Nullable BigDecimal avgTtftMs,
      Percentiles tps,
      Percentiles ttftMs,
      long tpsSamples,
      long ttftSamples) {}

  /** Nearest-rank percentiles within 1 % of the exact ones; all null without a sample. */
  public record Percentiles(
      @Nullable BigDecimal p50, @Nullable BigDecimal p95, @Nullable BigDecimal p99) {
    /** Those of a sketch that counts units of 10^-{@code decimals}. */
    private static Percentiles of(Sketch sketch, int decimals) {
      if (sketch.count() == 0) {
        return new Percentiles(null, null, null);
      }
      IntFunction<BigDecimal> value =
          percent -> BigDecimal.valueOf(sketch.percentile(percent).orElseThrow(), decimals);
      return new Percentiles(value.apply(50), value.apply(95), value.apply(99));
    }
  }

  /** Exact numbers of different users, providers and models among a bucket's closes. */
  public record DistinctCounts(int users, int providers, int models) {}

  /** MOR staked, paid and earned by a bucket's closes, each rounded half-even to 6 decimals. */
  public record MorSums(BigDecimal stake, BigDecimal paid, BigDecimal earned) {}

  /** The figures of a cell; those about gateway wallets are null unless some are configured. */
  static Metrics of(Cell cell, boolean gatewayKnown) {
    return new Metrics(
        sessions(cell, gatewayKnown),
        tokens(cell, gatewayKnown),
        quality(cell),
        cell.distinct(),
        new MorSums(
            mor(cell.total(Amount.STAKE)),
            mor(cell.total(Amount.PAID)),
            mor(cell.total(Amount.EARNED))));
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

  /** Wei as MOR, rounded half-even to 6 decimals. */
  public static BigDecimal mor(BigInteger wei) {
    return new BigDecimal(wei, 18).setScale(6, RoundingMode.HALF_EVEN);
  }
}
