package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.NaiveMetrics;
import org.mor.throughput.rollup.Rollup;
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

  private static final NaiveMetrics NAIVE =
      new NaiveMetrics(LEGACY_FROM, LEGACY_UNTIL, CloseBuilder.user(0));

  private static PublishedCells months = new PublishedCells();
  private static PublishedCells groups = new PublishedCells();

  @BeforeAll
  static void publish() throws IOException {
    MemoryObjectStore store = new MemoryObjectStore();
    DocumentHead head = Published.head();
    Rollup rollup =
        ROWS.rollup(
            new MetricRules(NaiveMetrics.CLAMP, LEGACY_FROM, LEGACY_UNTIL, Set.of()),
            new AsOf(1, NOW),
            new StoredMonths(store, head.network(), head.diamond(), true, tries -> {}));
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
    Map<String, @Nullable BigDecimal> naive = NAIVE.of(List.of(), closes);
    assertThat(total.amounts).as("%s", choice).isEqualTo(amounts(naive, closes));
    for (int percent : new int[] {50, 95, 99}) {
      percentile(choice, total.tps, percent, naive.get("tpsP" + percent), 3);
      percentile(choice, total.ttft, percent, naive.get("ttftMsP" + percent), 0);
    }
    return total.amounts.getOrDefault("tpsSamples", 0L) > 0;
  }

  private static void percentile(
      Choice choice,
      Map<Integer, Long> counts,
      int percent,
      @Nullable BigDecimal exact,
      int decimals) {
    if (exact != null) {
      double value = exact.movePointRight(decimals).doubleValue();
      assertThat(PublishedCells.percentile(counts, percent).doubleValue())
          .as("p%d of %s", percent, choice)
          .isCloseTo(value, within(value * 0.01));
    }
  }

  /** The same figures under the names and in the units of cells. */
  private static Map<String, Long> amounts(
      Map<String, @Nullable BigDecimal> naive, List<CloseFacts> closes) {
    Map<String, Long> amounts = new TreeMap<>();
    for (String name : PublishedCells.AMOUNTS) {
      switch (name) {
        case "legacyMilliTokens" -> amounts.put(name, scaled(naive.get("tokensLegacyEst"), 3));
        case "disputedMilliTokens" -> amounts.put(name, scaled(naive.get("tokensDisputed"), 3));
        case "ttftOver30s" ->
            amounts.put(
                name,
                closes.stream()
                    .filter(c -> !c.disputed() && NaiveMetrics.ttft(c) > 30_000)
                    .count());
        default -> amounts.put(name, scaled(naive.get(name), 0));
      }
    }
    return amounts;
  }

  private static long scaled(@Nullable BigDecimal value, int decimals) {
    return Objects.requireNonNull(value).movePointRight(decimals).longValueExact();
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
}
