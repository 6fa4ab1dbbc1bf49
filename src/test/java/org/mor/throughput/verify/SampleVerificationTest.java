package org.mor.throughput.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.verify.IndexedStore.CLOSES;
import static org.mor.throughput.verify.IndexedStore.OPENS;
import static org.mor.throughput.verify.IndexedStore.check;
import static org.mor.throughput.verify.RowsVerificationTest.assertNamed;
import static org.mor.throughput.verify.RowsVerificationTest.id;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** Stored rows against the chain's word; 110 rows are all there are. */
class SampleVerificationTest {
  private static final int ALL = 200;

  private final IndexedStore indexed = IndexedStore.whole();

  @Test
  void everyRowAgreesWithTheChainItCameFrom() {
    Check check = sampled(Worlds.history());

    assertThat(check.outcome()).as(check.toString()).isEqualTo(Check.Outcome.OK);
    assertThat(check.detail()).isEqualTo("110 rows read again at block 5980 through the test");
    assertThat(check.notes()).isEmpty();
  }

  @Test
  void aFieldThatTheChainSaysOtherwiseIsNamed() {
    List<String> lines = indexed.lines(CLOSES);
    lines.set(0, lines.get(0).replace("\"outputTokens\":200", "\"outputTokens\":201"));
    indexed.putLines(CLOSES, lines);

    Verification.Report report = indexed.verify(Worlds.history(), ALL);

    assertNamed(report, SampleVerification.NAME, id(lines.get(0)), "outputTokens", "201200");
  }

  @Test
  void anOpenOfAnotherStakeIsNamed() {
    List<String> lines = indexed.lines(OPENS);
    lines.set(1, lines.get(1).replace("\"stakeWei\":\"5", "\"stakeWei\":\"6"));
    indexed.putLines(OPENS, lines);

    assertNamed(
        indexed.verify(Worlds.history(), ALL),
        SampleVerification.NAME,
        id(lines.get(1)),
        "stakeWei",
        "6000000000000000000");
  }

  @Test
  void aRowWhoseEventIsNotOnTheChainIsNamed() {
    FakeChain other = new FakeChain(Worlds.HEAD);

    Verification.Report report = indexed.verify(other, ALL);

    assertNamed(report, SampleVerification.NAME, OPENS, "its event", "none in that block");
    assertThat(check(report, SampleVerification.NAME).count()).isEqualTo(110);
  }

  @Test
  void whatWasPaidSinceIsUnsettledAndNoDifference() {
    FakeChain later = Worlds.history().head(6_500);
    IndexedStore early = new IndexedStore().scanned(Worlds.history().head(400), 1);

    Check check = check(early.verify(later, ALL), SampleVerification.NAME);

    assertThat(check.outcome()).as(check.toString()).isEqualTo(Check.Outcome.OK);
    assertThat(check.notes()).anySatisfy(note -> assertThat(note).startsWith("unsettled: 1 rows"));
  }

  @Test
  void aModelRenamedSinceIsNoDifference() {
    FakeChain later = Worlds.history().head(6_500);
    for (int model = 0; model < 5; model++) {
      later.named(model, "another name");
    }

    Check check = check(indexed.verify(later, ALL), SampleVerification.NAME);

    assertThat(check.outcome()).as(check.toString()).isEqualTo(Check.Outcome.OK);
    assertThat(check.notes()).anySatisfy(note -> assertThat(note).startsWith("renamed: 50 rows"));
  }

  @Test
  void anEndpointThatLagsIsNotAskedForWhatItLacks() {
    Check check = sampled(Worlds.history().head(3_000));

    assertThat(check.outcome()).isEqualTo(Check.Outcome.OK);
    assertThat(check.notes()).anySatisfy(note -> assertThat(note).contains("2980", "left out"));
  }

  @Test
  void theSameChanceChoosesTheSameRows() {
    assertThat(sampled(Worlds.history())).isEqualTo(sampled(Worlds.history()));
    assertThat(check(indexed.verify(Worlds.history(), 7), SampleVerification.NAME).detail())
        .startsWith("7 rows");
    assertThat(check(indexed.verify(Worlds.history(), 0), SampleVerification.NAME).outcome())
        .isEqualTo(Check.Outcome.NOT_CHECKED);
  }

  private Check sampled(FakeChain chain) {
    return check(indexed.verify(chain, ALL), SampleVerification.NAME);
  }
}
