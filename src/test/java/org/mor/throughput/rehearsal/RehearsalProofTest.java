package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillReport;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.CompletenessCheck;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.ProofRun;
import org.mor.throughput.index.Repair;
import org.mor.throughput.index.RepairReport;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.proof.NonceWalk;
import org.mor.throughput.proof.NonceWalk.OpenIdentity;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.StoredRows;

/** The completeness proof and the cross-checks on the recorded answers of the real contract. */
class RehearsalProofTest {
  private static final Address DIAMOND =
      Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a");
  private static final IndexSettings SETTINGS =
      new IndexSettings(
          "base",
          8453,
          new Diamond(DIAMOND),
          OptionalLong.of(37_000_000),
          Confirmation.BLOCKS,
          20,
          200,
          4_000,
          200);
  private static final int OPENED = 800;
  private static final MemoryObjectStore STORE = new MemoryObjectStore();

  private static ReplayNode node;
  private static RpcChainReader chain;
  private static BackfillReport report;
  private static long asked;

  @BeforeAll
  static void index() throws IOException {
    node = ReplayNode.start("--max-range", "5000");
    chain = RpcChainReader.open(List.of(node.url()), 8453);
    Backfill backfill =
        new Backfill(chain, SETTINGS, ledger(STORE, UserPrivacy.plain()), Patience.none());
    report =
        backfill.run(
            backfill.plan(new BackfillRequest(37_000_000, OptionalLong.empty(), false)),
            RunBudget.unlimited(),
            ScanListener.none());
    asked = chain.stats().snapshot().requests();
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void allOpensOfTheRealContractAreProven() {
    Proof proof = report.proof().orElseThrow().proof().orElseThrow();

    assertThat(proof.state()).isEqualTo(ProofState.PROVEN);
    assertThat(proof.proven()).isEqualTo(OPENED);
    assertThat(proof.count()).hasValue(OPENED);
    assertThat(proof.strays()).isZero();
  }

  @Test
  void theCutThatMadeTheContractIsSeen() {
    assertThat(report.proof().orElseThrow().facetChanges()).containsExactly(37_000_010L);
  }

  @Test
  void everyFigureAgreesWithTheContracts() {
    CompletenessCheck.Result result =
        new CompletenessCheck(chain, SETTINGS, ledger(STORE, UserPrivacy.plain()), Patience.none())
            .run();

    assertThat(result.figures()).noneMatch(Compared::differs);
    assertThat(result.figures()).allMatch(figure -> figure.contract().isPresent());
    assertThat(result.agrees()).isTrue();
  }

  @Test
  void whicheverOpenIsMissingItsNonceIsNamed() {
    List<OpenIdentity> opens = new ArrayList<>();
    Ledger ledger = ledger(STORE, UserPrivacy.plain());
    for (var month : ledger.rows().months(RowKind.OPENS)) {
      ledger
          .rows()
          .forEachOpen(
              month,
              row -> {
                SessionOpen open = (SessionOpen) row;
                Address user = Address.of(open.user().value().toArray());
                opens.add(new OpenIdentity(open.sessionId(), user, open.provider(), open.bidId()));
              });
    }
    assertThat(opens).hasSize(OPENED);
    for (int missing = 0; missing < OPENED; missing++) {
      NonceWalk walk = new NonceWalk(NonceWalk.Progress.START);
      for (int i = 0; i < OPENED; i++) {
        if (i != missing) {
          walk.add(opens.get(i));
        }
      }
      assertThat(Proof.of(1, walk, OPENED).state()).isEqualTo(ProofState.gapAt(missing));
    }
  }

  @Test
  void aRowTakenOutOfTheStoreIsNamedByTheNextRun() {
    for (int missing : new int[] {0, 1, 99, 100, 457, 798, 799}) {
      MemoryObjectStore copy = StoredRows.copy(STORE);
      StoredRows.dropOpen(copy, missing);
      Ledger ledger = ledger(copy, UserPrivacy.plain());

      Proof proof =
          new ProofRun(chain, SETTINGS, ledger, Patience.none())
              .extend(ledger.cursor().find().orElseThrow())
              .proof()
              .orElseThrow();

      assertThat(proof.state()).isEqualTo(ProofState.gapAt(missing));
    }
  }

  @Test
  void aRepairOfNearlyEverythingAsksLittleMoreThanTheBackfillDid() {
    MemoryObjectStore copy = StoredRows.copy(STORE);
    long whole = StoredRows.lines(STORE, "raw/").size();
    for (int i = 0; i < 700; i++) {
      StoredRows.dropOpen(copy, 50);
      StoredRows.dropClose(copy, 50);
    }
    long before = chain.stats().snapshot().requests();

    RepairReport repaired =
        new Repair(chain, SETTINGS, ledger(copy, UserPrivacy.plain()), Patience.none())
            .run(false, ScanListener.none());

    long requests = chain.stats().snapshot().requests() - before;
    System.out.printf("repair: %d requests where the backfill took %d%n", requests, asked);
    assertThat(repaired.rowsAdded()).isEqualTo(1_400);
    assertThat(repaired.remains()).isFalse();
    assertThat(StoredRows.lines(copy, "raw/")).hasSize((int) whole);
    assertThat(requests).isLessThan(3 * asked);
  }

  @Test
  void theProofHoldsForHashedUsersToo() {
    MemoryObjectStore copy = StoredRows.copy(STORE);
    Ledger hashed = ledger(copy, UserPrivacy.keyed("a key"));

    Proof proof =
        new ProofRun(chain, SETTINGS, hashed, Patience.none())
            .complete(hashed.cursor().find().orElseThrow());

    assertThat(proof.state()).isEqualTo(ProofState.PROVEN);
  }

  private static Ledger ledger(ObjectStore store, UserPrivacy privacy) {
    return new Ledger(
        store,
        privacy,
        CommitRetry.none(),
        new NetworkId("base", DIAMOND),
        new Ledger.Run("rehearsal", () -> Instant.EPOCH));
  }
}
