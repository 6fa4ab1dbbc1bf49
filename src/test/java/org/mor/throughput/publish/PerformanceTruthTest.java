package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.MemoryObjectStore;

/** What a reader adds up from published cells against the rows they were made of. */
class PerformanceTruthTest {
  private static final long NOW = Published.NOW;
  private static final long LEGACY_FROM = 1_764_547_200;
  private static final long LEGACY_UNTIL = 1_769_904_000;
  private static final ListedRows ROWS = ListedRows.random(7, 3000, NOW - 100 * 86400L, NOW);

  private static PublishedCells months = new PublishedCells();
  private static PublishedCells groups = new PublishedCells();

  @BeforeAll
  static void publish() throws IOException {
    MemoryObjectStore store = new MemoryObjectStore();
    DocumentHead head = Published.head();
    Rollup rollup =
        Rollups.compute(
            ROWS,
            new MetricRules(500, LEGACY_FROM, LEGACY_UNTIL, Set.of()),
            new AsOf(1, NOW),
            PartialCache.none(),
            new StoredMonths(store, head.network(), head.diamond(), true, tries -> {}),
            1);
    List<Document> all = new ArrayList<>();
    store
        .list("rollup/performance/")
        .forEach(o -> all.add(new Document(o.key(), store.find(o.key()).orElseThrow().body())));
    assertThat(all).hasSize(3);
    all.add(PerformanceMonthCodec.encodeCurrent(head, rollup.performance().current()));
    months = PublishedCells.ofMonths(all);
    groups = PublishedCells.ofGroups(PerformanceCodec.encode(head, rollup.performance(), Map.of()));
  }

  /** One choice a reader can make; null and -2 choose everything. */
  private record Choice(
      @Nullable Hash32 model,
      @Nullable Address provider,
      int input,
      int output,
      LocalDate from,
      LocalDate to) {
    boolean has(CloseFacts close) {
      LocalDate day = day(close);
      return (model == null || Objects.equals(model, close.modelId()))
          && (provider == null || Objects.equals(provider, close.provider()))
          && (input == -2 || input == size(close, TokenTotals::input, 1000, 10_000))
          && (output == -2 || output == size(close, TokenTotals::output, 500, 4000))
          && !day.isBefore(from)
          && !day.isAfter(to);
    }

    boolean has(PublishedCells.Cell cell) {
      return (model == null || model.toHex().equals(cell.model()))
          && (provider == null || provider.toHex().equals(cell.provider()))
          && (input == -2 || input == cell.input())
          && (output == -2 || output == cell.output())
          && !cell.day().isBefore(from)
          && !cell.day().isAfter(to);
    }
  }

  @Test
  void anyChoiceAddsUpToTheUnitAndItsPercentilesAreWithinOnePercent() {
    Random random = new Random(1);
    LocalDate last = LocalDate.ofInstant(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    int withSamples = 0;
    for (int i = 0; i < 300; i++) {
      LocalDate from = last.minusDays(random.nextInt(110));
      Choice choice =
          new Choice(
              random.nextBoolean() ? null : CloseBuilder.model(1 + random.nextInt(5)),
              random.nextBoolean() ? null : CloseBuilder.provider(1 + random.nextInt(6)),
              random.nextBoolean() ? -2 : random.nextInt(4) - 1,
              random.nextBoolean() ? -2 : random.nextInt(4) - 1,
              from,
              from.plusDays(random.nextInt(60)));
      withSamples += check(choice, months) ? 1 : 0;
    }
    assertThat(withSamples).isGreaterThan(150);
  }

  @Test
  void theGroupsAreTheSessionsOfTheThirtyDaysThatEndWithAsOfs() {
    LocalDate last = LocalDate.ofInstant(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    Choice window = new Choice(null, null, -2, -2, last.minusDays(29), last);
    assertThat(check(window, groups)).isTrue();
    for (int model = 1; model <= 5; model++) {
      for (int input = -1; input < 3; input++) {
        check(
            new Choice(CloseBuilder.model(model), null, input, -2, last.minusDays(29), last),
            groups);
      }
    }
  }

  private static boolean check(Choice choice, PublishedCells cells) {
    List<CloseFacts> closes =
        ROWS.closes().stream().filter(c -> c.closedAt() <= NOW).filter(choice::has).toList();
    PublishedCells.Total total = cells.total(choice::has);
    assertThat(total.amounts).as("%s", choice).isEqualTo(naive(closes));
    percentiles(choice, total.tps, samples(closes, PerformanceTruthTest::milliTps));
    percentiles(choice, total.ttft, samples(closes, PerformanceTruthTest::ttftMs));
    return total.amounts.getOrDefault("tpsSamples", 0L) > 0;
  }

  private static void percentiles(Choice choice, Map<Integer, Long> counts, List<Long> samples) {
    for (int percent : new int[] {50, 95, 99}) {
      if (!samples.isEmpty()) {
        double exact = samples.get((samples.size() * percent + 99) / 100 - 1);
        assertThat(PublishedCells.percentile(counts, percent).doubleValue())
            .as("p%d of %s", percent, choice)
            .isCloseTo(exact, within(exact * 0.01));
      }
    }
  }

  private static Map<String, Long> naive(List<CloseFacts> closes) {
    Map<String, Long> sums = new TreeMap<>();
    sums.put("sessionsClosed", (long) closes.size());
    sums.put("sessionsLegacyEst", count(closes, PerformanceTruthTest::isLegacy));
    sums.put("sessionsDisputed", count(closes, CloseFacts::disputed));
    sums.put("sessionsClosedEarly", count(closes, CloseFacts::early));
    sums.put("sessionsIdle", count(closes, c -> c.tokenTotals() != null && tokens(c) == 0));
    sums.put("sessionsFlagged", count(closes, PerformanceTruthTest::isFlagged));
    sums.put("inputTokens", sum(closes, c -> totals(c).input()));
    sums.put("outputTokens", sum(closes, c -> totals(c).output()));
    sums.put("legacyMilliTokens", sum(closes, PerformanceTruthTest::legacyMilli));
    sums.put(
        "disputedMilliTokens",
        sum(closes, c -> c.disputed() ? 1000 * tokens(c) + legacyMilli(c) : 0));
    sums.put("tokensFlagged", sum(closes, c -> isFlagged(c) ? tokens(c) : 0));
    sums.put("sessionSeconds", sum(closes, CloseFacts::durationSeconds));
    sums.put(
        "ttftOver30s",
        samples(closes, PerformanceTruthTest::ttftMs).stream().filter(v -> v > 30_000).count());
    sums.put("tpsSamples", (long) samples(closes, PerformanceTruthTest::milliTps).size());
    sums.put("ttftSamples", (long) samples(closes, PerformanceTruthTest::ttftMs).size());
    return sums;
  }

  private static List<Long> samples(List<CloseFacts> closes, ToLongFunction<CloseFacts> value) {
    return closes.stream()
        .filter(c -> !c.disputed() && value.applyAsLong(c) > 0)
        .map(value::applyAsLong)
        .sorted()
        .toList();
  }

  private static LocalDate day(CloseFacts close) {
    return LocalDate.ofInstant(Instant.ofEpochSecond(close.closedAt()), ZoneOffset.UTC);
  }

  private static int size(
      CloseFacts close, ToLongFunction<TokenTotals> part, long second, long third) {
    TokenTotals known = close.tokenTotals();
    if (known == null) {
      return -1;
    }
    long tokens = part.applyAsLong(known);
    return tokens < second ? 0 : tokens < third ? 1 : 2;
  }

  private static TokenTotals totals(CloseFacts close) {
    return Objects.requireNonNullElse(close.tokenTotals(), new TokenTotals(0, 0));
  }

  private static long tokens(CloseFacts close) {
    return totals(close).input() + totals(close).output();
  }

  private static boolean isFlagged(CloseFacts close) {
    return totals(close).output() > 2000 * Math.max(1, close.durationSeconds());
  }

  private static boolean isLegacy(CloseFacts close) {
    return close.receipt() != null
        && close.receipt().format() == ReceiptFormat.FIVE_FIELD
        && milliTps(close) > 0
        && close.closedAt() >= LEGACY_FROM
        && close.closedAt() < LEGACY_UNTIL;
  }

  private static long legacyMilli(CloseFacts close) {
    return isLegacy(close) ? Math.min(milliTps(close), 500_000) * close.durationSeconds() : 0;
  }

  private static long milliTps(CloseFacts close) {
    return close.receipt() == null ? 0 : close.receipt().tpsScaled1000().orElse(0);
  }

  private static long ttftMs(CloseFacts close) {
    return close.receipt() == null ? 0 : close.receipt().ttftMs().orElse(0);
  }

  private static long count(List<CloseFacts> closes, Predicate<CloseFacts> which) {
    return closes.stream().filter(which).count();
  }

  private static long sum(List<CloseFacts> closes, ToLongFunction<CloseFacts> value) {
    return closes.stream().mapToLong(value).sum();
  }
}
