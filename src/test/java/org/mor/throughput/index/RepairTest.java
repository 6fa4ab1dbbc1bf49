package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

class RepairTest {
  private final MemoryObjectStore store = new MemoryObjectStore();

  /** A node that lost the logs of some blocks, until it is cured. */
  private static final class Forgetful extends FakeChain {
    private final Set<Long> lost = new HashSet<>();

    Forgetful(long... blocks) {
      super(Worlds.HEAD);
      for (long block : blocks) {
        lost.add(block);
      }
    }

    Forgetful cured() {
      lost.clear();
      return this;
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice all = super.logs(query);
      return all.with(
          all.logs().stream().filter(log -> !lost.contains(log.position().block())).toList());
    }
  }

  @Test
  void whatIsWholeStaysAsItIs() {
    backfill(Worlds.history());
    Map<String, String> before = StoreProbe.content(store);

    RepairReport report = repair(Worlds.history());

    assertThat(report.remains()).isFalse();
    assertThat(report.missingOpens()).isZero();
    assertThat(report.missingCloses()).isZero();
    assertThat(report.blocks()).isEmpty();
    assertThat(report.after().state()).isEqualTo(ProofState.PROVEN);
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void rowsThatWereTakenOutAreReadAgainFromTheirBlocksAlone() {
    backfill(Worlds.history());
    Map<String, String> whole = StoreProbe.content(store);
    StoredRows.dropOpen(store, 0);
    StoredRows.dropOpen(store, 30);
    StoredRows.dropClose(store, 49);

    RepairReport report = repair(Worlds.history());

    assertThat(report.before().state()).isEqualTo(ProofState.gapAt(0));
    assertThat(report.missingOpens()).isEqualTo(2);
    assertThat(report.missingCloses()).isEqualTo(1);
    assertThat(report.rowsAdded()).isEqualTo(3);
    assertThat(report.blocks()).hasSize(3);
    assertThat(report.blocks()).allMatch(range -> range.size() == 1);
    assertThat(report.remains()).isFalse();
    assertThat(report.after().state()).isEqualTo(ProofState.PROVEN);
    assertThat(StoreProbe.content(store)).isEqualTo(whole);
  }

  @Test
  void aDryRunSaysTheSameAndWritesNothing() {
    backfill(Worlds.history());
    StoredRows.dropOpen(store, 30);
    StoredRows.dropClose(store, 3);
    Map<String, String> before = StoreProbe.content(store);

    RepairReport report =
        new Repair(Worlds.history(), Worlds.settings(), Worlds.ledger(store), Patience.none())
            .run(true, ScanListener.none());

    assertThat(report.remains()).isTrue();
    assertThat(report.missingOpens()).isEqualTo(1);
    assertThat(report.missingCloses()).isEqualTo(1);
    assertThat(report.blocks()).hasSize(2);
    assertThat(report.opensStillMissing()).isEqualTo(1);
    assertThat(report.closesStillMissing()).hasSize(1);
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void logsThatANodeDroppedDeepInHistoryAreFoundWithABetterNode() {
    Forgetful node = Worlds.fill(new Forgetful(960, 2_000, 10));
    backfill(node);
    assertThat(Worlds.ledger(store).coverage().find().ranges()).hasSize(1);

    RepairReport still = repair(node);
    assertThat(still.remains()).isTrue();
    assertThat(still.opensStillMissing()).isEqualTo(2);
    assertThat(still.before().state()).isEqualTo(ProofState.gapAt(0));
    assertThat(still.after().state()).isEqualTo(ProofState.gapAt(0));

    RepairReport cured = repair(node.cured());
    assertThat(cured.remains()).isFalse();
    assertThat(cured.rowsAdded()).isGreaterThanOrEqualTo(2);
    assertThat(cured.after().state()).isEqualTo(ProofState.PROVEN);
    assertThat(StoreProbe.content(store)).isEqualTo(wholeStore());
  }

  @Test
  void aCloseThatWasDroppedIsMissingUntilItsLogIsFound() {
    // Session 1 opens in block 105 and closes in 135.
    Forgetful node = Worlds.fill(new Forgetful(135));
    backfill(node);

    RepairReport still = repair(node);
    assertThat(still.remains()).isTrue();
    assertThat(still.after().state()).isEqualTo(ProofState.PROVEN);
    assertThat(still.closesStillMissing()).hasSize(1);
    assertThat(still.closedWithoutEvent()).isEmpty();

    assertThat(repair(node.cured()).remains()).isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(wholeStore());
  }

  @Test
  void aSessionSettledWithoutAnEventIsReportedAndNoRowIsMadeUp() {
    FakeChain chain = Worlds.history();
    var session = chain.open(1, 1, 1, 5_800, 60).settledWithoutEvent(5_850);
    backfill(chain);

    RepairReport report = repair(chain);

    assertThat(report.closedWithoutEvent()).containsExactly(session.id());
    assertThat(report.closesStillMissing()).isEmpty();
    assertThat(report.missingCloses()).isZero();
    assertThat(report.remains()).isFalse();
    assertThat(StoredRows.lines(store, "raw/closes/"))
        .hasSize(50)
        .noneMatch(line -> line.contains(session.id().toHex()));
  }

  @Test
  void whatWasNeverScannedIsLeftToABackfill() {
    backfill(Worlds.history(), 1, 2_000);
    backfill(Worlds.history(), 3_000, 4_000);
    StoredRows.dropOpen(store, 5);

    RepairReport first = repair(Worlds.history());
    assertThat(first.before().state()).isEqualTo(ProofState.gapAt(5));
    assertThat(first.rowsAdded()).isEqualTo(1);
    assertThat(first.remains()).isFalse();

    MemoryObjectStore other = new MemoryObjectStore();
    backfill(other, Worlds.history(), 3_000, 4_000);
    StoredRows.dropOpen(other, 2);
    FakeChain chain = Worlds.history();
    RepairReport partial =
        new Repair(chain, Worlds.settings(), Worlds.ledger(other), Patience.none())
            .run(false, ScanListener.none());

    assertThat(partial.rowsAdded()).isEqualTo(1);
    assertThat(partial.blocks()).hasSize(1);
    assertThat(partial.unscanned()).isGreaterThan(30);
    assertThat(partial.after().state()).isEqualTo(ProofState.PARTIAL);
    assertThat(partial.remains()).isTrue();
    assertThat(Worlds.ledger(other).coverage().find().ranges())
        .containsExactly(new BlockRange(3_000, 4_000));
  }

  @Test
  void aProviderThatNoRowNamesIsFoundThroughTheContractsList() {
    Forgetful node = new Forgetful(3_000);
    for (int i = 0; i < 31; i++) {
      node.open(1, 1, 1, 100 + i, 60);
    }
    node.open(1, 9, 1, 3_000, 60);
    node.open(1, 1, 1, 3_500, 60);
    backfill(node);

    RepairReport report = repair(node.cured());

    assertThat(report.missingOpens()).isEqualTo(1);
    assertThat(report.blocks()).containsExactly(new BlockRange(3_000, 3_000));
    assertThat(report.remains()).isFalse();
  }

  @Test
  void aSessionThatNoListNamesIsFoundBetweenItsNeighbours() {
    class Unlisted extends FakeChain {
      private boolean lost = true;

      Unlisted() {
        super(Worlds.HEAD);
      }

      @Override
      public LogSlice logs(LogQuery query) {
        LogSlice all = super.logs(query);
        return all.with(
            all.logs().stream().filter(log -> !lost || log.position().block() != 3_000).toList());
      }

      @Override
      public List<CallResult> calls(List<ContractCall> asked, long block) {
        return asked.get(0).data().toHex().startsWith("0xd5472642")
            ? List.of(new CallResult.Reverted(Bytes.EMPTY))
            : super.calls(asked, block);
      }
    }
    Unlisted node = new Unlisted();
    // Nonces follow blocks: the session is the 32nd to open.
    for (int i = 0; i < 31; i++) {
      node.open(1, 1, 1, 100 + i, 60);
    }
    node.open(1, 9, 1, 3_000, 60);
    node.open(1, 1, 1, 3_500, 60);
    backfill(node);
    node.lost = false;

    RepairReport report = repair(node);

    assertThat(report.missingOpens()).isZero();
    assertThat(report.blocks()).containsExactly(new BlockRange(130, 3_500));
    assertThat(report.rowsAdded()).isEqualTo(1);
    assertThat(report.remains()).isFalse();
  }

  @Test
  void anEndpointThatFailsMidwayClaimsNothing() {
    backfill(Worlds.history());
    StoredRows.dropOpen(store, 3);
    StoredRows.dropOpen(store, 33);
    Map<String, String> whole = wholeStore();
    int steps = 0;
    boolean failed = true;
    for (int step = 1; failed; step += 3) {
      MemoryObjectStore copy = StoredRows.copy(store);
      int deadly = step;
      FakeChain dying =
          Worlds.fill(
              new FakeChain(Worlds.HEAD) {
                @Override
                protected void beforeAnswer() {
                  super.beforeAnswer();
                  if (asked() >= deadly) {
                    throw new ChainUnavailableException("the endpoint is gone");
                  }
                }
              });
      failed = fails(copy, dying);
      if (failed) {
        assertThat(Worlds.ledger(copy).proof().find())
            .isEqualTo(Worlds.ledger(store).proof().find());
      }
      repair(copy, Worlds.history());
      assertThat(StoreProbe.content(copy)).as("failed at read %d", step).isEqualTo(whole);
      steps = step;
    }
    assertThat(steps).isGreaterThan(15);
  }

  @Test
  void twoRepairsAtOnceEndInTheSameRows() throws Exception {
    backfill(Worlds.history());
    for (int i = 0; i < 20; i++) {
      StoredRows.dropOpen(store, i);
      StoredRows.dropClose(store, i);
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<RepairReport>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Callable<RepairReport> one = () -> repair(store, Worlds.history());
        running.add(threads.submit(one));
      }
      for (Future<RepairReport> one : running) {
        assertThat(one.get().remains()).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(StoreProbe.content(store)).isEqualTo(wholeStore());
  }

  @Test
  void howeverMuchIsMissingARepairAsksLittleMoreThanTheScanDid() {
    FakeChain chain = crowd();
    int before = chain.asked();
    backfill(chain, 1, 50_000);
    int scan = chain.asked() - before;
    Map<String, String> whole = StoreProbe.content(store);
    for (int i = 0; i < 1_500; i++) {
      StoredRows.dropOpen(store, 0);
      StoredRows.dropClose(store, 0);
    }

    chain = crowd();
    RepairReport report = repair(chain);

    assertThat(report.missingOpens() + report.missingCloses()).isEqualTo(3_000);
    assertThat(report.rowsAdded()).isEqualTo(3_000);
    assertThat(report.remains()).isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(whole);
    assertThat(chain.asked()).isLessThan(2 * scan);
  }

  /** Two thousand sessions in 50,000 blocks, of which a node gives 2,000 at once. */
  private static FakeChain crowd() {
    FakeChain chain = new FakeChain(50_020).window(2_000);
    for (int i = 0; i < 2_000; i++) {
      chain.open(i % 7, i % 4, 1, 10 + 24L * i, 600).closed(20 + 24L * i, 1, 1, 1, 1);
    }
    return chain;
  }

  @Test
  void withoutACursorThereIsNothingToRepair() {
    assertThatThrownBy(() -> repair(Worlds.history())).isInstanceOf(NotIndexedException.class);
  }

  private static boolean fails(ObjectStore store, FakeChain chain) {
    try {
      repair(store, chain);
      return false;
    } catch (ChainUnavailableException e) {
      return true;
    }
  }

  private static Map<String, String> wholeStore() {
    MemoryObjectStore whole = new MemoryObjectStore();
    backfill(whole, Worlds.history(), 1, Worlds.HEAD);
    return StoreProbe.content(whole);
  }

  private RepairReport repair(FakeChain chain) {
    return repair(store, chain);
  }

  private static RepairReport repair(ObjectStore store, FakeChain chain) {
    return new Repair(chain, Worlds.settings(), Worlds.ledger(store), Patience.none())
        .run(false, ScanListener.none());
  }

  private void backfill(FakeChain chain) {
    backfill(store, chain, 1, Worlds.HEAD);
  }

  private void backfill(FakeChain chain, long first, long last) {
    backfill(store, chain, first, last);
  }

  private static void backfill(ObjectStore store, FakeChain chain, long first, long last) {
    Backfill backfill =
        new Backfill(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(first, OptionalLong.of(last), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }
}
