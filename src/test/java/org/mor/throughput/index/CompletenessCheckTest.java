package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

class CompletenessCheckTest {
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void aWholeHistoryAgreesWithTheContractInEveryFigure() {
    backfill(Worlds.history());

    CompletenessCheck.Result result = check(Worlds.history());

    assertThat(result.agrees()).isTrue();
    assertThat(result.proof().state()).isEqualTo(ProofState.PROVEN);
    assertThat(result.figures())
        .extracting(Compared::what)
        .containsExactly("opens", "opens by provider", "closes", "undisputed closes", "paid wei");
    assertThat(result.figures()).allMatch(figure -> figure.contract().isPresent());
    assertThat(result.figures())
        .extracting(Compared::rows)
        .startsWith(
            BigInteger.valueOf(60),
            BigInteger.valueOf(60),
            BigInteger.valueOf(50),
            BigInteger.valueOf(40));
  }

  @Test
  void claimsAfterTheReadingAndClaimsOfOpenSessionsAreCounted() {
    FakeChain early = new FakeChain(300);
    var late = early.open(1, 1, 1, 20, 3_600).closed(90, Bytes.EMPTY, 1, BigInteger.ZERO);
    var never = early.open(1, 1, 1, 30, 3_600);
    backfill(early);
    late.claimed(400, new BigInteger("77"));
    never.claimed(410, new BigInteger("5"));
    early.head(600);
    backfill(early);

    CompletenessCheck.Result result = check(early);

    assertThat(figure(result, "paid wei").rows()).isEqualTo(82);
    assertThat(result.agrees()).isTrue();
  }

  @Test
  void aMissingOpenAndAMissingCloseDiffer() {
    backfill(Worlds.history());
    StoredRows.dropOpen(store, 12);
    StoredRows.dropClose(store, 20);

    CompletenessCheck.Result result = check(Worlds.history());

    assertThat(result.agrees()).isFalse();
    assertThat(result.proof().state()).isEqualTo(ProofState.gapAt(12));
    assertThat(figure(result, "opens by provider"))
        .isEqualTo(Compared.of("opens by provider", 59, Optional.of(BigInteger.valueOf(60))));
    assertThat(figure(result, "closes").differs()).isTrue();
    assertThat(figure(result, "closes").rows()).isEqualTo(49);
  }

  @Test
  void whatTheContractDoesNotHaveIsNoDifference() {
    backfill(Worlds.history());
    FakeChain other =
        Worlds.fill(
            new FakeChain(Worlds.HEAD) {
              @Override
              public List<CallResult> calls(List<ContractCall> asked, long block) {
                return asked.get(0).equals(DIAMOND.totalClaimed())
                    ? List.of(new CallResult.Reverted(Bytes.EMPTY))
                    : super.calls(asked, block);
              }
            });

    CompletenessCheck.Result result = check(other);

    assertThat(figure(result, "paid wei").contract()).isEmpty();
    assertThat(figure(result, "paid wei").differs()).isFalse();
    assertThat(result.agrees()).isTrue();
  }

  @Test
  void figuresOfTheNewestStateAreNotCompared() {
    backfill(Worlds.history());
    FakeChain newest =
        Worlds.fill(
            new FakeChain(Worlds.HEAD) {
              @Override
              public List<CallResult> calls(List<ContractCall> asked, long block) {
                return super.calls(asked, Worlds.HEAD);
              }
            });
    newest.open(1, 1, 1, Worlds.HEAD - 5, 60);

    assertThatThrownBy(() -> check(newest))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("at block 5980: eth_call knows session")
        .hasMessageContaining("cannot prove");
    assertThatThrownBy(
            () ->
                new Repair(newest, Worlds.settings(), Worlds.ledger(store), Patience.none())
                    .run(true, ScanListener.none()))
        .isInstanceOf(ChainUnavailableException.class);
  }

  @Test
  void withoutACursorThereIsNothingToCompare() {
    assertThatThrownBy(() -> check(Worlds.history())).isInstanceOf(NotIndexedException.class);
  }

  private static Compared figure(CompletenessCheck.Result result, String what) {
    return result.figures().stream()
        .filter(figure -> figure.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  private CompletenessCheck.Result check(FakeChain chain) {
    return new CompletenessCheck(chain, Worlds.settings(), Worlds.ledger(store), Patience.none())
        .run();
  }

  private void backfill(FakeChain chain) {
    Backfill backfill =
        new Backfill(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }
}
