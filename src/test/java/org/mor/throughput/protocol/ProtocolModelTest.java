package org.mor.throughput.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
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
    boolean publishing = flaw == Flaw.OLDER_DOCUMENT_REPLACES_NEWER;
    Checker.Result result =
        new Checker(protocol).run(ModelState.initial(publishing ? 0 : 1, publishing));

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
