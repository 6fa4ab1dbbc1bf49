package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.rollup.Recommendation.Candidate;
import org.mor.throughput.rollup.Recommendation.Confidence;
import org.mor.throughput.rollup.Recommendation.Lack;
import org.mor.throughput.rollup.Recommendation.Outcome;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;

class RecommendationTest {
  private static final long NOW = 1_776_345_678; // 2026-04-16T13:21:18Z
  private static final long DAY = 86400;

  private final List<CloseFacts> closes = new ArrayList<>();

  @Test
  void theProviderWhoseIntervalIsWhollyBetterWins() {
    sessions(1, 100, 500, 60, close -> close);
    sessions(2, 100, 900, 30, close -> close);
    Recommendation ttft = only(Measure.TTFT_MS);
    assertThat(ttft.outcome()).isEqualTo(Outcome.WINNER);
    assertThat(provider(ttft.winner().orElseThrow())).isEqualTo(1);
    assertThat(provider(ttft.runnerUp().orElseThrow())).isEqualTo(2);
    assertThat(ttft.confidence()).contains(Confidence.MEDIUM);
    assertThat(ttft.tied()).isEmpty();
    assertThat(ranks(ttft)).containsExactly(1, 2);
    assertThat(provider(only(Measure.TPS).winner().orElseThrow()))
        .as("more tokens a second are better")
        .isEqualTo(1);
  }

  @Test
  void overlappingIntervalsAreNoClearWinnerAndATie() {
    sessions(1, 100, 500, 60, close -> close);
    sessions(2, 100, 501, 60, close -> close);
    sessions(3, 100, 900, 60, close -> close);
    Recommendation ttft = only(Measure.TTFT_MS);
    assertThat(ttft.outcome()).isEqualTo(Outcome.NO_CLEAR_WINNER);
    assertThat(ttft.winner()).isEmpty();
    assertThat(ttft.confidence()).isEmpty();
    assertThat(ttft.tied().stream().map(RecommendationTest::provider)).containsExactly(1, 2);
    assertThat(ranks(ttft)).containsExactly(1, 1, 3);
  }

  @Test
  void theMedianDecidesAndNotTheMean() {
    sessions(1, 80, 500, 60, close -> close);
    sessions(1, 20, 500, 60, close -> close.seven(60_000, 200_000, 10, 10));
    sessions(2, 100, 3_000, 60, close -> close);
    assertThat(provider(only(Measure.TTFT_MS).winner().orElseThrow())).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"29,false,1", "30,true,0", "31,true,0"})
  void thirtySamplesAreNeeded(int samples, boolean eligible, long needs) {
    sessions(1, samples, 500, 60, close -> close);
    Candidate candidate = only(Measure.TTFT_MS).candidates().get(0);
    assertThat(candidate.isEligible()).isEqualTo(eligible);
    assertThat(candidate.needsSamples()).isEqualTo(needs);
    assertThat(candidate.estimate() == null).isEqualTo(!eligible);
    assertThat(candidate.lacks()).isEqualTo(eligible ? List.of() : List.of(Lack.SAMPLES));
  }

  @Test
  void oneEligibleProviderIsNotRanked() {
    sessions(1, 100, 500, 60, close -> close);
    sessions(2, 29, 900, 60, close -> close);
    Recommendation ttft = only(Measure.TTFT_MS);
    assertThat(ttft.outcome()).isEqualTo(Outcome.TOO_FEW_PROVIDERS);
    assertThat(ttft.candidates()).allMatch(one -> one.rank().isEmpty());
    assertThat(ttft.winner()).isEmpty();
  }

  @Test
  void fewUsersFewDaysAndOldSamplesAreNotEnough() {
    sessions(1, 100, 500, 60, close -> close.by(1, 1, 1));
    assertThat(lacks()).containsExactly(Lack.USERS);
    closes.clear();
    sessions(1, 100, 500, 60, (close, i) -> close.at(NOW - i % 2 * DAY));
    assertThat(lacks()).containsExactly(Lack.DAYS);
    closes.clear();
    sessions(1, 100, 500, 60, (close, i) -> close.at(NOW - 7 * DAY - i % 5 * DAY));
    assertThat(lacks()).containsExactly(Lack.RECENCY);
    closes.clear();
    sessions(1, 100, 500, 60, (close, i) -> close.at(NOW - 7 * DAY + 1 - i % 5 * DAY));
    assertThat(lacks()).isEmpty();
  }

  @Test
  void aTenthOfDisputedClosesIsTooMuchAndTheyAreNoSamples() {
    sessions(1, 90, 500, 60, close -> close);
    sessions(1, 10, 1, 60, close -> close.disputed(true));
    Candidate candidate = only(Measure.TTFT_MS).candidates().get(0);
    assertThat(candidate.lacks()).containsExactly(Lack.AGREEMENT);
    assertThat(candidate.disputedPct()).isEqualByComparingTo("10");
    assertThat(candidate.samples()).isEqualTo(90);
    sessions(1, 1, 500, 60, close -> close);
    assertThat(lacks()).isEmpty();
  }

  @Test
  void flaggedClosesAreNoSamples() {
    sessions(1, 40, 500, 60, close -> close);
    sessions(1, 40, 1, 900, close -> close.seven(900_000, 1, 10, 2_000_001).duration(1000));
    assertThat(results().stream().filter(r -> r.measure() == Measure.TTFT_MS))
        .singleElement()
        .satisfies(r -> assertThat(r.candidates().get(0).samples()).isEqualTo(40));
  }

  @Test
  void classesAreNotMixedAndSessionsWithoutTotalsAreInNone() {
    sessions(1, 30, 500, 60, close -> close.seven(60_000, 500, 999, 499));
    sessions(1, 30, 500, 60, close -> close.seven(60_000, 500, 1_000, 500));
    sessions(1, 30, 500, 60, close -> close.seven(60_000, 500, 10_000, 4_000));
    sessions(1, 30, 500, 60, CloseBuilder::withoutReceipt);
    List<Recommendation> all = results();
    assertThat(all).hasSize(6);
    assertThat(all).allMatch(r -> r.candidates().get(0).samples() == 30);
    assertThat(all.stream().map(Recommendation::size)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void confidenceGrowsWithTheSamplesOfTheWeakerOne() {
    for (int samples : new int[] {30, 71, 72, 199, 200}) {
      closes.clear();
      sessions(1, 300, 500, 60, close -> close);
      sessions(2, samples, 5_000, 60, close -> close);
      assertThat(only(Measure.TTFT_MS).confidence())
          .contains(
              samples < 72 ? Confidence.LOW : samples < 200 ? Confidence.MEDIUM : Confidence.HIGH);
    }
  }

  /** Closes spread over 20 users and the last five days; the values vary by a tenth. */
  private void sessions(
      int provider, int count, long ttft, long tps, UnaryOperator<CloseBuilder> change) {
    sessions(provider, count, ttft, tps, (close, number) -> change.apply(close));
  }

  private void sessions(
      int provider,
      int count,
      long ttft,
      long tps,
      BiFunction<CloseBuilder, Integer, CloseBuilder> change) {
    for (int i = 0; i < count; i++) {
      long vary = i % 10;
      CloseBuilder close =
          CloseBuilder.closeAt(NOW - i % 5 * DAY)
              .session(closes.size())
              .by(1 + i % 20, provider, 1)
              .seven(tps * 1000 + tps * vary * 10, ttft + ttft * vary / 100, 10, 10);
      closes.add(change.apply(close, i).build());
    }
  }

  private List<Recommendation> results() {
    return ListedRows.ofCloses(closes)
        .rollup(new MetricRules(500, 0, 0, Set.of()), new AsOf(1, NOW))
        .recommendations();
  }

  private Recommendation only(Measure measure) {
    List<Recommendation> found = results().stream().filter(r -> r.measure() == measure).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<Lack> lacks() {
    return only(Measure.TTFT_MS).candidates().get(0).lacks();
  }

  private static List<Integer> ranks(Recommendation recommendation) {
    return recommendation.candidates().stream().map(one -> one.rank().orElse(0)).toList();
  }

  private static int provider(Candidate candidate) {
    for (int number = 1; number < 10; number++) {
      if (CloseBuilder.provider(number).equals(candidate.provider())) {
        return number;
      }
    }
    throw new AssertionError(candidate.provider());
  }
}
