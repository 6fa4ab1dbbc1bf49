package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

class ProofRunTest {
  private static final long SAFE = Worlds.HEAD - 20;
  private static final int OPENED = 60;

  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void aWholeHistoryIsProvenByItsBackfill() {
    BackfillReport report = backfill(store, 1, Worlds.HEAD);

    Proof proof = report.proof().orElseThrow().proof().orElseThrow();
    assertThat(proof)
        .isEqualTo(new Proof(SAFE, SAFE, ProofState.PROVEN, OPENED, OptionalLong.of(OPENED), 0));
    assertThat(Worlds.ledger(store).proof().find().proof()).contains(proof);
  }

  @Test
  void anyRowThatIsTakenOutOfTheStoreIsNamed() {
    backfill(store, 1, Worlds.HEAD);
    for (int missing = 0; missing < OPENED; missing++) {
      MemoryObjectStore copy = StoredRows.copy(store);
      StoredRows.dropOpen(copy, missing);

      assertThat(proven(copy, new FakeChain(0)).state())
          .as("kept proof, extended")
          .isEqualTo(ProofState.gapAt(missing));
      assertThat(complete(copy).state()).isEqualTo(ProofState.gapAt(missing));
    }
  }

  @Test
  void historyWithAHoleIsPartialAndProvenUpToIt() {
    backfill(store, 1, 2_000);
    backfill(store, 3_000, Worlds.HEAD);
    assertThat(kept(store).state()).isEqualTo(ProofState.PROVEN);
    assertThat(kept(store).asOfBlock()).isEqualTo(2_000);

    MemoryObjectStore other = new MemoryObjectStore();
    backfill(other, 2_000, Worlds.HEAD);
    assertThat(kept(other).state().text()).isEqualTo("partial");
    assertThat(kept(other).proven()).isZero();
    assertThat(kept(other).walkedTo()).isEqualTo(-1);

    backfill(other, 1, 1_000);
    assertThat(kept(other).state().text()).isEqualTo("partial");
    assertThat(kept(other).proven()).isEqualTo(11);
    assertThat(kept(other).walkedTo()).isEqualTo(1_000);
    assertThat(kept(other).count()).isEmpty();

    backfill(other, 1_001, 1_999);
    assertThat(kept(other).state()).isEqualTo(ProofState.PROVEN);
  }

  @Test
  void aGapThatABackfillFillsIsClosedWithTheSameRun() {
    backfill(store, 1, Worlds.HEAD);
    StoredRows.dropOpen(store, 7);
    assertThat(proven(store, new FakeChain(0)).state()).isEqualTo(ProofState.gapAt(7));

    Backfill again = backfillOn(store);
    BackfillReport report =
        again.run(
            again.plan(new BackfillRequest(600, OptionalLong.of(700), true)),
            RunBudget.unlimited(),
            ScanListener.none());

    assertThat(report.rowsAdded()).isEqualTo(1);
    assertThat(kept(store).state()).isEqualTo(ProofState.PROVEN);
  }

  @Test
  void onlyMonthsThatChangedAreWalkedAgain() {
    backfill(store, 1, Worlds.HEAD);
    List<ObjectKey> read = new ArrayList<>();
    ObjectStore watched = StoredRows.watched(store, read);
    proven(watched, new FakeChain(0));
    assertThat(read).filteredOn(StoredRows::isOpens).isEmpty();

    StoredRows.dropOpen(store, OPENED - 1);
    proven(watched, new FakeChain(0));
    assertThat(read)
        .filteredOn(StoredRows::isOpens)
        .containsExactly(StoredRows.opens(Month.parse("2026-02")));

    read.clear();
    StoredRows.dropOpen(store, 0);
    proven(watched, new FakeChain(0));
    assertThat(read).filteredOn(StoredRows::isOpens).hasSize(2);
  }

  @Test
  void hashedUsersAreLookedUpOnceEachAndNeverStored() {
    Ledger hashed = Worlds.ledger(store, UserPrivacy.keyed("a key"));
    FakeChain chain = Worlds.history();
    Backfill backfill = new Backfill(chain, Worlds.settings(), hashed, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());

    assertThat(kept(store).state()).isEqualTo(ProofState.PROVEN);
    assertThat(kept(store).proven()).isEqualTo(OPENED);
    for (String body : StoreProbe.content(store).values()) {
      assertThat(body).doesNotContain("0000000000000000000000000000000000000010");
    }
    StoredRows.dropOpen(store, 31);
    Cursor cursor = hashed.position().orElseThrow();
    int before = chain.asked();
    ProofRun run = new ProofRun(chain, Worlds.settings(), hashed, Patience.none());
    assertThat(run.complete(cursor).state()).isEqualTo(ProofState.gapAt(31));
    assertThat(chain.asked() - before)
        .as("head, sessions of 7 users, head, others, count")
        .isLessThan(10);
  }

  @Test
  void rowsBehindTheCursorsBlockAreLeftToLaterRuns() {
    backfill(store, 1, Worlds.HEAD);
    Cursor cursor = Worlds.ledger(store).position().orElseThrow();
    Cursor rewound =
        new Cursor(
            1_000,
            cursor.lastRun(),
            cursor.lastBlockHash(),
            cursor.lastBlockTime(),
            cursor.seq(),
            cursor.writeId(),
            cursor.network(),
            cursor.version());

    ProofRecord record = run(store, Worlds.history()).extend(rewound);

    assertThat(record.proof().orElseThrow().proven()).isEqualTo(11);
    assertThat(record.proof().orElseThrow().state()).isEqualTo(ProofState.PROVEN);
    assertThat(kept(store).asOfBlock()).as("a later proof stays").isEqualTo(SAFE);
  }

  @Test
  void aCountThatTheNodeHasForgottenLeavesThePartOfIt() {
    backfill(store, 1, Worlds.HEAD);
    FakeChain forgetful =
        Worlds.fill(
            new FakeChain(Worlds.HEAD) {
              @Override
              public Hash32 storage(Address contract, Hash32 slot, long block) {
                throw new ChainUnavailableException("missing trie node");
              }
            });
    Cursor cursor = Worlds.ledger(store).position().orElseThrow();
    assertThatThrownBy(() -> run(store, forgetful).extend(cursor))
        .as("the state of a block this new is never forgotten")
        .isInstanceOf(ChainUnavailableException.class);
    forgetful.head(Worlds.HEAD + 200);
    assertThatThrownBy(() -> run(store, forgetful).complete(cursor))
        .isInstanceOf(ChainUnavailableException.class);

    Proof proof = run(store, forgetful).extend(cursor).proof().orElseThrow();

    assertThat(proof.state()).isEqualTo(ProofState.PARTIAL);
    assertThat(proof.proven()).isEqualTo(OPENED);
    assertThat(proof.walkedTo()).isEqualTo(SAFE);
  }

  @Test
  void aCountOfTheNewestStateProvesNothingAndIsNoGap() {
    backfill(store, 1, Worlds.HEAD);
    FakeChain newest = Worlds.fill(new NewestStorage());
    newest.open(1, 1, 1, Worlds.HEAD - 5, 60);
    Cursor cursor = Worlds.ledger(store).position().orElseThrow();

    Proof proof = run(store, newest).extend(cursor).proof().orElseThrow();

    assertThat(proof.state()).isEqualTo(ProofState.PARTIAL);
    assertThat(proof.proven()).isEqualTo(OPENED);
    assertThat(proof.count()).isEmpty();
    assertThatThrownBy(() -> run(store, newest).complete(cursor))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("eth_getStorageAt says 61 opens for block 5980 and for block 6000")
        .hasMessageContaining("cannot prove");
  }

  @Test
  void aGapIsAGapAlsoWhereNothingOpenedSince() {
    backfill(store, 1, Worlds.HEAD);
    StoredRows.dropOpen(store, 30);
    Cursor cursor = Worlds.ledger(store).position().orElseThrow();

    FakeChain newest = Worlds.fill(new NewestStorage());
    assertThat(run(store, newest).extend(cursor).proof().orElseThrow().state())
        .isEqualTo(ProofState.gapAt(30));
    FakeChain honest = Worlds.history();
    honest.open(1, 1, 1, Worlds.HEAD - 5, 60);
    assertThat(run(store, honest).complete(cursor).state()).isEqualTo(ProofState.gapAt(30));
  }

  /** Gives the newest count whatever the block. */
  private static final class NewestStorage extends FakeChain {
    NewestStorage() {
      super(Worlds.HEAD);
    }

    @Override
    public Hash32 storage(Address contract, Hash32 slot, long block) {
      return super.storage(contract, slot, Worlds.HEAD);
    }
  }

  @Test
  void noSessionsOfAContractThatIsNotTheDiamondAreNoProof() {
    FakeChain other =
        new FakeChain(Worlds.HEAD) {
          @Override
          public List<CallResult> calls(List<ContractCall> asked, long block) {
            return asked.stream()
                .<CallResult>map(c -> new CallResult.Reverted(Bytes.EMPTY))
                .toList();
          }
        };
    Backfill backfill =
        new Backfill(other, Worlds.settings(), Worlds.ledger(store), Patience.none());

    assertThatThrownBy(
            () ->
                backfill.run(
                    backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
                    RunBudget.unlimited(),
                    ScanListener.none()))
        .isInstanceOf(WrongChainException.class)
        .hasMessageContaining("not the diamond")
        .hasMessageContaining("DIAMOND_ADDRESS");
    assertThat(Worlds.ledger(store).proof().find().proof()).isEmpty();
  }

  @Test
  void aChangeOfTheContractsCodeIsSeenKeptAndNeverForgotten() {
    FakeChain chain = Worlds.history().cut(1_500).cut(2_500);
    Backfill backfill =
        new Backfill(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
    BackfillReport report =
        backfill.run(
            backfill.plan(new BackfillRequest(1, OptionalLong.of(2_000), false)),
            RunBudget.unlimited(),
            ScanListener.none());
    assertThat(report.scans().get(0).facetChanges()).containsExactly(1_500L);
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());

    assertThat(Worlds.ledger(store).proof().find().facetChanges()).containsExactly(1_500L, 2_500L);
    assertThat(kept(store).state()).isEqualTo(ProofState.PROVEN);
  }

  private static Proof proven(ObjectStore store, FakeChain chain) {
    Ledger ledger = Worlds.ledger(store);
    Worlds.fill(chain).head(Worlds.HEAD);
    return run(store, chain).extend(ledger.position().orElseThrow()).proof().orElseThrow();
  }

  private static Proof complete(ObjectStore store) {
    return run(store, Worlds.history()).complete(Worlds.ledger(store).position().orElseThrow());
  }

  private static ProofRun run(ObjectStore store, FakeChain chain) {
    return new ProofRun(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
  }

  private static Proof kept(ObjectStore store) {
    return Worlds.ledger(store).proof().find().proof().orElseThrow();
  }

  private static Backfill backfillOn(ObjectStore store) {
    return new Backfill(Worlds.history(), Worlds.settings(), Worlds.ledger(store), Patience.none());
  }

  private static BackfillReport backfill(ObjectStore store, long first, long last) {
    Backfill backfill = backfillOn(store);
    return backfill.run(
        backfill.plan(new BackfillRequest(first, OptionalLong.of(last), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }
}
