package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.UserId;

/**
 * The definitions written down a second time, from the table of metrics and not from the code:
 * every field by its published name, over a plain list of rows, slowly. Percentiles are the exact
 * ones.
 */
final class NaiveMetrics {
  static final long CLAMP = 500;

  private final long legacyFrom;
  private final long legacyUntil;
  private final UserId gateway;

  NaiveMetrics(long legacyFrom, long legacyUntil, UserId gateway) {
    this.legacyFrom = legacyFrom;
    this.legacyUntil = legacyUntil;
    this.gateway = gateway;
  }

  Map<String, @Nullable BigDecimal> of(Collection<OpenFacts> opens, List<CloseFacts> closes) {
    Map<String, @Nullable BigDecimal> all = new LinkedHashMap<>();
    all.put("sessionsOpened", BigDecimal.valueOf(opens.size()));
    sessions(all, closes);
    tokens(all, closes);
    all.put("sessionSeconds", sum(closes, c -> BigDecimal.valueOf(c.durationSeconds())));
    quality(all, closes);
    all.put("uniqueUsers", distinct(closes, CloseFacts::user));
    all.put("uniqueProviders", distinct(closes, CloseFacts::provider));
    all.put("uniqueModels", distinct(closes, CloseFacts::modelId));
    all.put("morStake", mor(closes, c -> c.stake().value()));
    all.put("morPaid", mor(closes, c -> c.paid().value()));
    all.put("morEarned", mor(closes, c -> c.earned().value()));
    all.put("sessionsGateway", count(closes, c -> gateway.equals(c.user())));
    all.put(
        "tokensGateway", sum(closes, c -> gateway.equals(c.user()) ? tokens(c) : BigDecimal.ZERO));
    return all;
  }

  private void sessions(Map<String, @Nullable BigDecimal> all, List<CloseFacts> closes) {
    all.put("sessionsClosed", BigDecimal.valueOf(closes.size()));
    all.put("sessionsDisputed", count(closes, CloseFacts::disputed));
    all.put("sessionsClosedEarly", count(closes, CloseFacts::early));
    all.put("sessionsWithTokens", count(closes, c -> totals(c) != null));
    all.put("sessionsLegacyEst", count(closes, this::isLegacy));
    all.put("sessionsMissingTokens", count(closes, c -> totals(c) == null && !isLegacy(c)));
    all.put("sessionsIdle", count(closes, c -> totals(c) != null && tokens(c).signum() == 0));
    all.put("sessionsFlagged", count(closes, this::isFlagged));
  }

  private void tokens(Map<String, @Nullable BigDecimal> all, List<CloseFacts> closes) {
    all.put("tokens", sum(closes, this::tokens));
    all.put("inputTokens", sum(closes, c -> BigDecimal.valueOf(known(c).input())));
    all.put("outputTokens", sum(closes, c -> BigDecimal.valueOf(known(c).output())));
    all.put("tokensReceipt", sum(closes, c -> BigDecimal.valueOf(known(c).total())));
    all.put("tokensLegacyEst", sum(closes, c -> isLegacy(c) ? tokens(c) : BigDecimal.ZERO));
    all.put("tokensDisputed", sum(closes, c -> c.disputed() ? tokens(c) : BigDecimal.ZERO));
    all.put("tokensFlagged", sum(closes, c -> isFlagged(c) ? tokens(c) : BigDecimal.ZERO));
  }

  private void quality(Map<String, @Nullable BigDecimal> all, List<CloseFacts> closes) {
    List<BigDecimal> tps = samples(closes, NaiveMetrics::milliTps, 3);
    List<BigDecimal> ttft = samples(closes, NaiveMetrics::ttft, 0);
    all.put("tpsSamples", BigDecimal.valueOf(tps.size()));
    all.put("ttftSamples", BigDecimal.valueOf(ttft.size()));
    all.put("avgTps", mean(tps, 3));
    all.put(
        "avgTpsClamped", mean(tps.stream().map(v -> v.min(BigDecimal.valueOf(CLAMP))).toList(), 3));
    all.put("avgTtftMs", mean(ttft, 1));
    for (int percent : new int[] {50, 95, 99}) {
      all.put("tpsP" + percent, percentile(tps, percent));
      all.put("ttftMsP" + percent, percentile(ttft, percent));
    }
  }

  private static List<BigDecimal> samples(
      List<CloseFacts> closes, ToLongFunction<CloseFacts> value, int decimals) {
    return closes.stream()
        .filter(c -> !c.disputed() && c.receipt() != null && value.applyAsLong(c) > 0)
        .map(c -> BigDecimal.valueOf(value.applyAsLong(c), decimals))
        .sorted()
        .toList();
  }

  private static @Nullable BigDecimal mean(List<BigDecimal> values, int decimals) {
    return values.isEmpty()
        ? null
        : values.stream()
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .divide(BigDecimal.valueOf(values.size()), decimals, RoundingMode.HALF_EVEN);
  }

  private static @Nullable BigDecimal percentile(List<BigDecimal> sorted, int percent) {
    return sorted.isEmpty() ? null : sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  private boolean isLegacy(CloseFacts close) {
    return close.receipt() != null
        && close.receipt().format() == ReceiptFormat.FIVE_FIELD
        && milliTps(close) > 0
        && close.closedAt() >= legacyFrom
        && close.closedAt() < legacyUntil;
  }

  private boolean isFlagged(CloseFacts close) {
    return known(close).output() > 2000 * Math.max(1, close.durationSeconds());
  }

  private BigDecimal tokens(CloseFacts close) {
    if (!isLegacy(close)) {
      return BigDecimal.valueOf(known(close).total());
    }
    BigDecimal tps = BigDecimal.valueOf(milliTps(close), 3).min(BigDecimal.valueOf(CLAMP));
    return tps.multiply(BigDecimal.valueOf(close.durationSeconds()));
  }

  private static long milliTps(CloseFacts close) {
    return close.receipt() == null ? 0 : close.receipt().tpsScaled1000().orElse(0);
  }

  private static long ttft(CloseFacts close) {
    return close.receipt() == null ? 0 : close.receipt().ttftMs().orElse(0);
  }

  private static @Nullable TokenTotals totals(CloseFacts close) {
    if (close.receipt() != null && close.receipt().format() == ReceiptFormat.SEVEN_FIELD) {
      return new TokenTotals(
          close.receipt().inputTokens().orElseThrow(),
          close.receipt().outputTokens().orElseThrow());
    }
    return close.receipt() == null ? close.carriedTokens() : null;
  }

  private static TokenTotals known(CloseFacts close) {
    TokenTotals totals = totals(close);
    return totals == null ? new TokenTotals(0, 0) : totals;
  }

  private static BigDecimal count(List<CloseFacts> closes, Predicate<CloseFacts> which) {
    return BigDecimal.valueOf(closes.stream().filter(which).count());
  }

  private static BigDecimal sum(List<CloseFacts> closes, Function<CloseFacts, BigDecimal> value) {
    return closes.stream().map(value).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal mor(List<CloseFacts> closes, Function<CloseFacts, BigInteger> wei) {
    return sum(closes, c -> new BigDecimal(wei.apply(c), 18)).setScale(6, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal distinct(
      List<CloseFacts> closes, Function<CloseFacts, @Nullable Object> value) {
    return BigDecimal.valueOf(
        closes.stream().map(value).filter(Objects::nonNull).distinct().count());
  }
}
