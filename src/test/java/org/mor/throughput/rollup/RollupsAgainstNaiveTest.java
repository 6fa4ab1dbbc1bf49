package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Every field of every bucket of random rows against a slow second opinion. */
class RollupsAgainstNaiveTest {
  private static final long DAY = 86400;
  private static final long FROM = 1_764_000_000;
  private static final long NOW = 1_776_345_678;
  private static final long LEGACY_FROM = FROM + 5 * DAY;
  private static final long LEGACY_UNTIL = NOW - 3 * DAY;
  private static final NaiveMetrics NAIVE =
      new NaiveMetrics(LEGACY_FROM, LEGACY_UNTIL, CloseBuilder.user(3));
  private static final MetricRules RULES =
      new MetricRules(NaiveMetrics.CLAMP, LEGACY_FROM, LEGACY_UNTIL, Set.of(CloseBuilder.user(3)));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesOnEveryFieldOfEveryBucket(long seed) {
    ListedRows rows = ListedRows.random(seed, 1500, FROM, NOW + DAY);
    Rollup rollup =
        Rollups.compute(rows, RULES, new AsOf(1, NOW), PartialCache.none(), MonthFiles.none(), 2);
    ListedRows past =
        new ListedRows(
            rows.opens().stream().filter(o -> o.openedAt() <= NOW).toList(),
            rows.closes().stream().filter(c -> c.closedAt() <= NOW).toList());
    assertThat(past.closes().size()).isLessThan(rows.closes().size());

    check("all time", rollup.windows().allTime(), past, t -> true);
    check("24 h", rollup.windows().last24h(), past, t -> t > NOW - DAY);
    check("7 d", rollup.windows().last7d(), past, t -> t > NOW - 7 * DAY);
    check("30 d", rollup.windows().last30d(), past, t -> t > NOW - 30 * DAY);
    check(Granularity.HOUR, rollup.hourly(), past);
    check(Granularity.DAY, rollup.daily(), past);
    check(Granularity.WEEK, rollup.weekly(), past);
    check(Granularity.MONTH, rollup.monthly(), past);
    checkModels(rollup, past);
    checkProviders(rollup, past);
    checkVolumes(rollup.hourlyVolumes(), past);
  }

  private static void checkVolumes(HourlyVolumes volumes, ListedRows past) {
    assertThat(volumes.hours()).hasSize(336);
    long cells = 0;
    for (int i = 0; i < volumes.hours().size(); i++) {
      long start = volumes.firstHour() + i * 3_600L;
      List<CloseFacts> hour =
          past.closes().stream()
              .filter(c -> c.closedAt() >= start && c.closedAt() < start + 3_600)
              .toList();
      for (HourlyVolumes.Cell cell : volumes.hours().get(i)) {
        Hash32 model = cell.model() < 0 ? null : volumes.models().get(cell.model());
        Address provider = cell.provider() < 0 ? null : volumes.providers().get(cell.provider());
        Map<String, @Nullable BigDecimal> naive =
            NAIVE.of(
                List.of(),
                hour.stream()
                    .filter(c -> Objects.equals(model, c.modelId()))
                    .filter(c -> Objects.equals(provider, c.provider()))
                    .toList());
        String where = "hour %d, %s, %s".formatted(i, model, provider);
        check(where, naive, "sessionsClosed", cell.sessions(), 0);
        check(where, naive, "tokensReceipt", cell.tokens(), 0);
        check(where, naive, "tokensFlagged", cell.tokensFlagged(), 0);
        check(where, naive, "tokensLegacyEst", cell.legacyMilliTokens(), 3);
        check(where, naive, "sessionSeconds", cell.seconds(), 0);
        cells += cell.sessions();
      }
    }
    assertThat(cells)
        .isEqualTo(past.closes().stream().filter(c -> c.closedAt() >= volumes.firstHour()).count())
        .isPositive();
  }

  private static void check(
      String where, Map<String, @Nullable BigDecimal> naive, String field, long found, int digits) {
    assertThat(BigDecimal.valueOf(found, digits))
        .as("%s %s", where, field)
        .isEqualByComparingTo(Objects.requireNonNull(naive.get(field)));
  }

  private static void checkModels(Rollup rollup, ListedRows past) {
    assertThat(rollup.byModel()).hasSize(5);
    for (Breakdown<Hash32> model : rollup.byModel()) {
      checkBreakdown(
          model,
          new ListedRows(
              past.opens().stream().filter(o -> Objects.equals(model.id(), o.modelId())).toList(),
              past.closes().stream()
                  .filter(c -> Objects.equals(model.id(), c.modelId()))
                  .toList()));
    }
  }

  private static void checkProviders(Rollup rollup, ListedRows past) {
    assertThat(rollup.byProvider()).hasSize(6);
    for (Breakdown<Address> provider : rollup.byProvider()) {
      checkBreakdown(
          provider,
          new ListedRows(
              past.opens().stream()
                  .filter(o -> Objects.equals(provider.id(), o.provider()))
                  .toList(),
              past.closes().stream()
                  .filter(c -> Objects.equals(provider.id(), c.provider()))
                  .toList()));
    }
  }

  private static void checkBreakdown(Breakdown<?> breakdown, ListedRows rows) {
    long first = Granularity.DAY.start(NOW) - 29 * DAY;
    check(breakdown.id() + " totals", breakdown.totals(), rows, t -> t >= first);
    check(Granularity.DAY, breakdown.daily(), rows);
  }

  private static void check(Granularity granularity, List<Bucket> buckets, ListedRows rows) {
    for (Bucket bucket : buckets) {
      long end = granularity.plus(bucket.start(), 1);
      check(bucket.label(), bucket.metrics(), rows, t -> t >= bucket.start() && t < end);
    }
  }

  private static void check(String name, Metrics metrics, ListedRows rows, LongPredicate in) {
    List<OpenFacts> opens = rows.opens().stream().filter(o -> in.test(o.openedAt())).toList();
    List<CloseFacts> closes = rows.closes().stream().filter(c -> in.test(c.closedAt())).toList();
    Map<String, @Nullable BigDecimal> naive = NAIVE.of(opens, closes);
    Map<String, @Nullable BigDecimal> found = PublishedFields.of(metrics);
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(naive.keySet());
    naive.forEach((field, value) -> check(name + " " + field, field, found.get(field), value));
  }

  private static void check(
      String where, String field, @Nullable BigDecimal found, @Nullable BigDecimal exact) {
    if (exact == null || found == null) {
      assertThat(found).as(where).isEqualTo(exact);
    } else if (field.matches(".*P\\d\\d")) {
      BigDecimal error = found.subtract(exact).abs().movePointRight(2);
      assertThat(error).as(where).isLessThanOrEqualTo(exact);
    } else {
      assertThat(found).as(where).isEqualByComparingTo(Objects.requireNonNull(exact));
    }
  }
}
