package org.mor.throughput.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the commit protocol over all interleavings of two scheduled runs and a backfill with
 * faults anywhere, and that every wrong protocol is caught.
 */
class ProtocolModelTest {
  @Test
  void noInterleavingAndNoFaultBreaksAnInvariant() {
    List<ModelState> starts = ModelState.initial(1, false);
    assertThat(check(starts.subList(1, starts.size())).states()).isGreaterThan(300_000);
  }

  @Test
  void noTwoFaultsBreakAnInvariantWhereHistoryHasAGap() {
    assertThat(check(List.of(ModelState.initial(2, false).get(2))).states()).isGreaterThan(100_000);
  }

  @Test
  void noInterleavingPublishesWhatIsNotStored() {
    assertThat(check(ModelState.initial(0, true)).states()).isGreaterThan(100_000);
  }

  /** The first start has no cursor, so nothing to go back from. */
  @ParameterizedTest
  @CsvSource({"1,2", "1,3", "2,1", "2,2", "2,3", "3,2", "3,3"})
  void noReorganisationAtAnyMomentAndNoFaultLeaveAnythingOfTheOldChain(int start, int forksAbove) {
    check(List.of(reorganised(1, false, forksAbove, 0, start).without(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noReorganisationUnderTwoRunsAndABackfillLeavesAnythingOfTheOldChain(int forksAbove) {
    int start = forksAbove == 1 ? 2 : 3;
    check(List.of(reorganised(0, false, 3, 0, start), reorganised(0, false, forksAbove, 0, 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noReorganisationPublishesWhatIsOlder(int forksAbove) {
    check(List.of(reorganised(0, true, forksAbove, 0, 1).without(2)));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "2,1", "2,2"})
  void noRewindOfAnOperatorBesidesARunBreaksAnInvariant(int start, int operatesTo) {
    check(List.of(reorganised(0, false, 2, operatesTo, start).without(1)));
    check(List.of(reorganised(1, false, 3, operatesTo, start).without(1)));
  }

  private static ModelState reorganised(
      int faults, boolean publishing, int forksAbove, int operatesTo, int start) {
    return ModelState.initial(faults, publishing, forksAbove, operatesTo).get(start);
  }

  /** Ten minutes and 14 GB: {@code -Plong}. */
  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "1,3", "2,2", "3,1", "3,2"})
  @EnabledIfSystemProperty(named = "model.faults", matches = "\\d")
  void noReorganisationUnderThreeWritersLeavesAnything(int start, int forksAbove) {
    assertThat(check(List.of(reorganised(0, false, forksAbove, 0, start))).states())
        .isGreaterThan(1_000_000);
  }

  /** Ten minutes and 12 GB: {@code -Plong}. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledIfSystemProperty(named = "model.faults", matches = "\\d")
  void noFaultsBreakAnInvariantFromAnyStart(boolean publishing) {
    int faults = Integer.getInteger("model.faults");
    assertThat(check(ModelState.initial(faults, publishing)).states()).isGreaterThan(600_000);
  }

  @ParameterizedTest
  @EnumSource(Flaw.class)
  void everyWrongProtocolIsCaught(Flaw flaw) {
    Protocol protocol = new Protocol(Set.of(flaw));
    boolean publishing = flaw.needsDocuments();
    int faults = publishing ? 0 : 1;
    List<ModelState> starts = ModelState.initial(faults, publishing);
    if (flaw.needsAReorganisation()) {
      int forksAbove = flaw == Flaw.CHAIN_COMPARED_BEFORE_THE_SCAN_ALONE || publishing ? 1 : 2;
      starts =
          List.of(reorganised(faults, publishing, forksAbove, 0, 1).without(publishing ? 2 : 1));
    }
    Checker.Result result = new Checker(protocol).run(starts);

    assertThat(result.violation()).as("%s in %d states", flaw, result.states()).isPresent();
    System.out.printf(
        "model: %s is caught after %d states%n%s%n",
        flaw, result.states(), result.violation().orElseThrow().describe(protocol));
  }

  private static Checker.Result check(List<ModelState> starts) {
    Protocol protocol = new Protocol(Set.of());
    long began = System.nanoTime();
    Checker.Result result = new Checker(protocol).run(starts);
    System.out.printf(
        "model: %d starts, up to %d faults, %s documents: %,d states, %,d of them final, %.1f s%n",
        starts.size(),
        starts.get(0).faultsLeft,
        starts.get(0).publishing() ? "with" : "without",
        result.states(),
        result.endings(),
        (System.nanoTime() - began) / 1e9);
    assertThat(result.violation().map(found -> found.describe(protocol))).isEmpty();
    assertThat(result.endings()).isPositive();
    return result;
  }
}
