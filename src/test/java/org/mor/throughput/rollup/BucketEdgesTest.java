package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.rollup.CloseBuilder.closeAt;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.rollup.Rollup.Breakdown;
import org.mor.throughput.rollup.Rollup.Bucket;
import org.mor.throughput.rollup.Rollup.Windows;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

class BucketEdgesTest {
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final long DAY = 86400;

  @Test
  void aWindowTakesItsLastSecondAndNotItsFirst() {
    long now = at("2026-05-20T12:34:56Z");
    for (long days : new long[] {1, 7, 30}) {
      Rollup rollup =
          of(
              now,
              closeAt(now).session(1),
              closeAt(now - days * DAY + 1).session(2),
              closeAt(now - days * DAY).session(3),
              closeAt(now + 1).session(4));
      assertThat(closed(rollup.windows(), days)).as("%d days", days).isEqualTo(2);
      assertThat(rollup.windows().allTime().sessions().closed()).isEqualTo(3);
    }
  }

  @Test
  void seriesAreDenseAndEndWithTheBucketOfAsOf() {
    long now = at("2026-01-01T00:00:00Z");
    Rollup rollup =
        of(now, closeAt(at("2025-10-31T23:59:59Z")).session(1), closeAt(now).session(2));
    assertThat(rollup.hourly()).hasSize(336);
    assertThat(rollup.hourly().get(335).label()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(rollup.hourly().get(0).label()).isEqualTo("2025-12-18T01:00:00Z");
    assertThat(rollup.daily()).hasSize(63);
    assertThat(rollup.daily().get(0).label()).isEqualTo("2025-10-31");
    assertThat(rollup.daily().get(62).label()).isEqualTo("2026-01-01");
    assertThat(rollup.weekly()).hasSize(10);
    assertThat(rollup.weekly().get(0).label()).isEqualTo("2025-10-27");
    assertThat(rollup.weekly().get(9).label()).isEqualTo("2025-12-29");
    assertThat(rollup.monthly())
        .extracting(Bucket::label)
        .containsExactly("2025-10", "2025-11", "2025-12", "2026-01");
    assertThat(rollup.monthly())
        .extracting(b -> b.metrics().sessions().closed())
        .containsExactly(1L, 0L, 0L, 1L);
    for (List<Bucket> series : List.of(rollup.hourly(), rollup.daily(), rollup.weekly())) {
      assertThat(series.get(series.size() - 1).metrics().sessions().closed()).isEqualTo(1);
    }
  }

  @Test
  void dailyGoesBackAYearAtMostWeeklyForever() {
    long now = at("2026-05-20T23:59:59Z");
    Rollup rollup =
        of(now, closeAt(at("2024-02-29T10:00:00Z")).session(1), closeAt(now).session(2));
    assertThat(rollup.daily()).hasSize(365);
    assertThat(rollup.daily().get(0).label()).isEqualTo("2025-05-21");
    assertThat(rollup.weekly().get(0).label()).isEqualTo("2024-02-26");
    assertThat(rollup.monthly()).hasSize(28);
  }

  @Test
  void breakdownsCoverThirtyDaysMostTokensFirstTiesById() {
    long now = at("2026-05-20T00:00:00Z");
    Rollup rollup =
        of(
            now,
            closeAt(now - 29 * DAY).session(1).by(1, 1, 3).seven(1, 1, 5, 0),
            closeAt(now - 29 * DAY - 1).session(2).by(1, 1, 4).seven(1, 1, 500, 0),
            closeAt(now).session(3).by(1, 2, 2).seven(1, 1, 2, 3),
            closeAt(now).session(4).by(1, 2, 1).seven(1, 1, 6, 0));
    assertThat(rollup.byModel())
        .extracting(Breakdown::id)
        .containsExactly(CloseBuilder.model(1), CloseBuilder.model(2), CloseBuilder.model(3));
    assertThat(rollup.byProvider())
        .extracting(Breakdown::id)
        .containsExactly(CloseBuilder.provider(2), CloseBuilder.provider(1));
    assertThat(rollup.byModel().get(0).daily()).hasSize(30);
    assertThat(rollup.byModel().get(2).daily().get(0).label()).isEqualTo("2026-04-21");
    assertThat(rollup.byModel().get(2).daily().get(0).metrics().sessions().closed()).isEqualTo(1);
  }

  @Test
  void theNewestCloseNamesAModel() {
    long now = at("2026-05-20T00:00:00Z");
    Rollup rollup =
        of(
            now,
            closeAt(now).session(2).modelName("new"),
            closeAt(now - 5).session(1).modelName("old"));
    assertThat(rollup.modelNames()).containsEntry(CloseBuilder.model(1), "new");
  }

  @Test
  void withoutRowsThereAreHoursOfNothingAndNoOtherBucket() {
    Rollup rollup = of(at("2026-05-20T00:00:00Z"));
    assertThat(rollup.hourly()).hasSize(336);
    assertThat(rollup.daily()).isEmpty();
    assertThat(rollup.weekly()).isEmpty();
    assertThat(rollup.monthly()).isEmpty();
    assertThat(rollup.closes().first()).isNull();
  }

  @Test
  void opensWithoutACloseAreFoundAcrossMonths() {
    long now = at("2026-05-20T00:00:00Z");
    long march = at("2026-03-31T23:59:59Z");
    ListedRows rows =
        new ListedRows(
            List.of(
                open(1, march), open(2, march), open(3, now), open(4, now + 1), open(5, now - 9)),
            List.of(
                closeAt(march + 2).session(1).build(),
                closeAt(now).session(5).build(),
                closeAt(now + 1).session(3).build(),
                closeAt(now).session(77).build()));
    Rollup rollup = rows.rollup(RULES, new AsOf(1, now));
    assertThat(rollup.unclosedOpens()).containsExactly(open(2, march), open(3, now));
  }

  /** Arbitrum makes several blocks a second: the second of asOf's block is not over with it. */
  @Test
  void withinAsOfsSecondTheBlockDecides() {
    long now = at("2026-05-20T12:34:56Z");
    ListedRows rows =
        new ListedRows(
            List.of(
                CloseBuilder.openInBlock(100, 1, now, now + 600, 1, Wei.ZERO),
                CloseBuilder.openInBlock(101, 2, now, now + 600, 1, Wei.ZERO),
                CloseBuilder.openInBlock(90, 3, now - 600, now - 1, 1, Wei.ZERO),
                CloseBuilder.openInBlock(90, 4, now - 600, now - 1, 1, Wei.ZERO)),
            List.of(
                closeAt(now).session(3).inBlock(100).build(),
                closeAt(now).session(4).inBlock(101).build(),
                closeAt(now).session(5).build(),
                closeAt(now - 1).session(6).inBlock(99).build(),
                closeAt(now + 1).session(7).build()));
    Rollup rollup = rows.rollup(RULES, new AsOf(100, now));
    for (Metrics metrics :
        List.of(
            rollup.windows().allTime(),
            rollup.windows().last24h(),
            rollup.hourly().get(335).metrics(),
            rollup.daily().get(rollup.daily().size() - 1).metrics())) {
      assertThat(metrics.sessions().closed()).as("3, the old row 5, and 6").isEqualTo(3);
      assertThat(metrics.sessions().opened()).as("1, 3 and 4").isEqualTo(3);
    }
    assertThat(rollup.unclosedOpens().stream().map(OpenFacts::sessionId))
        .as("4 closes after asOf's block")
        .containsExactlyInAnyOrder(
            rows.opens().get(0).sessionId(), rows.opens().get(3).sessionId());
  }

  @Test
  void aRowInTheWrongMonthIsRefused() {
    CloseFacts april = closeAt(at("2026-04-30T23:59:59Z")).build();
    RowSource rows =
        new RowSource() {
          @Override
          public SortedSet<Month> months() {
            return new TreeSet<>(Set.of(Month.parse("2026-05")));
          }

          @Override
          public void opens(Month month, Consumer<OpenFacts> to) {}

          @Override
          public void closes(Month month, Consumer<CloseFacts> to) {
            to.accept(april);
          }
        };
    AsOf asOf = new AsOf(1, at("2026-05-20T00:00:00Z"));
    for (int parallelism : new int[] {1, 2}) {
      assertThatThrownBy(
              () ->
                  Rollups.compute(
                      rows, RULES, asOf, PartialCache.none(), MonthFiles.none(), parallelism))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not belong to the month 2026-05");
    }
  }

  private static OpenFacts open(int session, long openedAt) {
    return CloseBuilder.open(session, openedAt, openedAt + 1, 1, Wei.ZERO);
  }

  private static long closed(Windows windows, long days) {
    Metrics metrics =
        days == 1 ? windows.last24h() : days == 7 ? windows.last7d() : windows.last30d();
    return metrics.sessions().closed();
  }

  private static Rollup of(long now, CloseBuilder... closes) {
    List<CloseFacts> built = Stream.of(closes).map(CloseBuilder::build).toList();
    return ListedRows.ofCloses(built).rollup(RULES, new AsOf(1, now));
  }

  private static long at(String time) {
    return Instant.parse(time).getEpochSecond();
  }
}
