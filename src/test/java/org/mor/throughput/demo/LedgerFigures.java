package org.mor.throughput.demo;

import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.SEVEN_FIELD;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

/**
 * Every metric of a set of closes, one pass a figure: slow, plain, and sharing no code with the
 * aggregation it checks.
 */
final class LedgerFigures {
  private final MetricRules rules;
  private final Function<LedgerEntry, BigInteger> leastPaid;
  private final Function<LedgerEntry, BigInteger> mostPaid;

  LedgerFigures(
      MetricRules rules,
      Function<LedgerEntry, BigInteger> leastPaid,
      Function<LedgerEntry, BigInteger> mostPaid) {
    this.rules = rules;
    this.leastPaid = leastPaid;
    this.mostPaid = mostPaid;
  }

  Map<String, Figure> of(List<LedgerEntry> closes, int opened) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("sessionsOpened", Figure.exactly(opened));
    figures.put("sessionsClosed", Figure.exactly(closes.size()));
    figures.put("sessionsDisputed", count(closes, LedgerEntry::disputed));
    figures.put("sessionsClosedEarly", count(closes, e -> e.closedAt() < e.endsAt()));
    addTokens(figures, closes);
    addQuality(figures, closes);
    figures.put("uniqueUsers", distinct(closes, LedgerEntry::user));
    figures.put("uniqueProviders", distinct(closes, LedgerEntry::provider));
    figures.put("uniqueModels", distinct(closes, LedgerEntry::modelId));
    figures.put("sessionSeconds", sum(closes, LedgerEntry::paidSeconds));
    figures.put("morStake", Figure.exactly(mor(closes, LedgerEntry::stake)));
    figures.put("morPaid", Figure.between(mor(closes, leastPaid), mor(closes, mostPaid)));
    figures.put("morEarned", Figure.exactly(mor(closes, LedgerFigures::earned)));
    boolean known = !rules.gatewayWallets().isEmpty();
    List<LedgerEntry> gateway = closes.stream().filter(this::byGateway).toList();
    figures.put("sessionsGateway", known ? Figure.exactly(gateway.size()) : Figure.NOTHING);
    figures.put("tokensGateway", known ? Figure.exactly(tokens(gateway)) : Figure.NOTHING);
    return figures;
  }

  private void addTokens(Map<String, Figure> figures, List<LedgerEntry> closes) {
    List<LedgerEntry> receipts = closes.stream().filter(e -> e.format() == SEVEN_FIELD).toList();
    List<LedgerEntry> estimated = closes.stream().filter(this::isEstimated).toList();
    List<LedgerEntry> flagged = closes.stream().filter(LedgerFigures::isImplausible).toList();
    figures.put("sessionsWithTokens", Figure.exactly(receipts.size()));
    figures.put("sessionsLegacyEst", Figure.exactly(estimated.size()));
    figures.put(
        "sessionsMissingTokens",
        Figure.exactly(closes.size() - receipts.size() - estimated.size()));
    figures.put(
        "sessionsIdle", count(receipts, e -> e.inputTokens() == 0 && e.outputTokens() == 0));
    figures.put("sessionsFlagged", Figure.exactly(flagged.size()));
    figures.put("inputTokens", sum(receipts, LedgerEntry::inputTokens));
    figures.put("outputTokens", sum(receipts, LedgerEntry::outputTokens));
    figures.put("tokensReceipt", Figure.exactly(tokens(receipts)));
    figures.put("tokensLegacyEst", Figure.exactly(tokens(estimated)));
    figures.put("tokens", Figure.exactly(tokens(closes)));
    figures.put(
        "tokensDisputed",
        Figure.exactly(tokens(closes.stream().filter(LedgerEntry::disputed).toList())));
    figures.put("tokensFlagged", Figure.exactly(tokens(flagged)));
  }

  private void addQuality(Map<String, Figure> figures, List<LedgerEntry> closes) {
    List<BigDecimal> tps =
        samples(closes, e -> BigDecimal.valueOf(e.tpsScaled1000()).movePointLeft(3));
    List<BigDecimal> ttft = samples(closes, e -> BigDecimal.valueOf(e.ttftMs()));
    BigDecimal clamp = BigDecimal.valueOf(rules.tpsClamp());
    figures.put("tpsSamples", Figure.exactly(tps.size()));
    figures.put("ttftSamples", Figure.exactly(ttft.size()));
    figures.put("avgTps", Figure.mean(total(tps), tps.size(), 3));
    figures.put(
        "avgTpsClamped", Figure.mean(total(tps.stream().map(clamp::min).toList()), tps.size(), 3));
    figures.put("avgTtftMs", Figure.mean(total(ttft), ttft.size(), 1));
    for (int percent : new int[] {50, 95, 99}) {
      figures.put("tpsP" + percent, percentile(tps, percent, 3));
      figures.put("ttftMsP" + percent, percentile(ttft, percent, 1));
    }
  }

  /** Undisputed closes whose figure is above zero, smallest first. */
  private static List<BigDecimal> samples(
      List<LedgerEntry> closes, Function<LedgerEntry, BigDecimal> figure) {
    return closes.stream()
        .filter(e -> !e.disputed())
        .map(figure)
        .filter(value -> value.signum() > 0)
        .sorted()
        .toList();
  }

  private static Figure percentile(List<BigDecimal> sorted, int percent, int decimals) {
    if (sorted.isEmpty()) {
      return Figure.NOTHING;
    }
    int rank = (sorted.size() * percent + 99) / 100;
    return Figure.nearly(sorted.get(rank - 1), decimals);
  }

  private boolean isEstimated(LedgerEntry e) {
    return e.format() == FIVE_FIELD
        && e.tpsScaled1000() > 0
        && e.closedAt() >= rules.legacyFrom()
        && e.closedAt() < rules.legacyUntil();
  }

  private static boolean isImplausible(LedgerEntry e) {
    long seconds = e.paidSeconds() == 0 ? 1 : e.paidSeconds();
    return e.format() == SEVEN_FIELD && e.outputTokens() > 2_000 * seconds;
  }

  private boolean byGateway(LedgerEntry e) {
    return rules.gatewayWallets().contains(new UserId(Bytes.of(e.user().toArray())));
  }

  private BigDecimal tokens(List<LedgerEntry> closes) {
    return total(closes.stream().map(this::tokens).toList());
  }

  private BigDecimal tokens(LedgerEntry e) {
    if (e.format() == SEVEN_FIELD) {
      return BigDecimal.valueOf(e.inputTokens()).add(BigDecimal.valueOf(e.outputTokens()));
    }
    BigDecimal tps = BigDecimal.valueOf(e.tpsScaled1000()).movePointLeft(3);
    return isEstimated(e)
        ? tps.min(BigDecimal.valueOf(rules.tpsClamp()))
            .multiply(BigDecimal.valueOf(e.paidSeconds()))
        : BigDecimal.ZERO;
  }

  private static BigInteger earned(LedgerEntry e) {
    return e.pricePerSecond().multiply(BigInteger.valueOf(e.paidSeconds()));
  }

  private static Figure count(List<LedgerEntry> closes, Predicate<LedgerEntry> which) {
    return Figure.exactly(closes.stream().filter(which).count());
  }

  private static Figure sum(List<LedgerEntry> closes, ToLongFunction<LedgerEntry> figure) {
    return Figure.exactly(closes.stream().mapToLong(figure).sum());
  }

  private static Figure distinct(List<LedgerEntry> closes, Function<LedgerEntry, ?> what) {
    return Figure.exactly(closes.stream().map(what).distinct().count());
  }

  private static BigDecimal total(List<BigDecimal> values) {
    return values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** A sum of wei in MOR, as it is published: half-even to 6 decimals. */
  static BigDecimal mor(List<LedgerEntry> entries, Function<LedgerEntry, BigInteger> wei) {
    BigInteger sum = entries.stream().map(wei).reduce(BigInteger.ZERO, BigInteger::add);
    return new BigDecimal(sum, 18).setScale(6, RoundingMode.HALF_EVEN);
  }
}
