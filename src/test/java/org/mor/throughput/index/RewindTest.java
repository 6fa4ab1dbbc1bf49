package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.PublishReport;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

/** What a rewind by command does, what it refuses, and what runs that began before can do after. */
class RewindTest {
  private static final long TO = 3_500;
  private static final long STOOD = Worlds.HEAD - 20;
  private static final BlockRange SCANNED = new BlockRange(1, STOOD);

  private final MemoryObjectStore store = new MemoryObjectStore();

  /** Who comes next after a rewind that was not finished. */
  private enum Next {
    REWIND {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        rewind(chain, store, TO);
      }
    },
    INCREMENTAL {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        incremental(chain, store);
      }
    },
    BACKFILL {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        backfill(chain, store, 1, STOOD);
      }
    },
    ROLLUP {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        publish(chain, store);
      }
    },
    REPAIR {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        new Repair(chain, Worlds.settings(), Worlds.ledger(store), Patience.none())
            .run(false, ScanListener.none());
      }
    },
    ENRICH_CLOSES {
      @Override
      void run(FakeChain chain, ObjectStore store) {
        Ledger ledger = Worlds.ledger(store);
        List<Month> months = List.copyOf(ledger.rows().months(RowKind.CLOSES));
        new CloseRefresh(chain, Worlds.settings(), ledger, Patience.none())
            .run(new RefreshRequest(months, 20, 0, false), RefreshListener.none());
      }
    };

    abstract void run(FakeChain chain, ObjectStore store);
  }

  @BeforeEach
  void aStoreThatWasScannedInPiecesAndPublished() {
    for (long last : new long[] {1_000, 2_000, 3_500, 4_000, STOOD}) {
      backfill(Worlds.history(), store, 1, last);
    }
    publish(Worlds.history(), store);
  }

  @Test
  void theStoreStandsAtTheBlockAndForgetsWhatWasScannedAboveIt() {
    Rewind.Report report = rewind(Worlds.history(), store, TO);

    assertThat(report.done()).contains(new Rewind.Done(1, STOOD, TO));
    assertThat(report.forgotten()).containsExactly(new BlockRange(TO + 1, STOOD));
    assertThat(report.unchecked()).isEmpty();
    BlockHeader header = Worlds.history().header(TO).orElseThrow();
    Cursor cursor = cursor();
    assertThat(cursor.lastBlock()).isEqualTo(TO);
    assertThat(cursor.lastBlockHash()).contains(header.hash());
    assertThat(cursor.lastBlockTime()).hasValue(header.timestamp());
    assertThat(cursor.rewinds()).containsExactly(new Cursor.Rewind(1, TO));
    assertThat(cursor.rewinding()).isFalse();
    Coverage coverage = ledger().coverage().find();
    assertThat(coverage.generation()).isEqualTo(1);
    assertThat(coverage.ranges()).containsExactly(new BlockRange(1, TO));
    assertThat(coverage.kept()).extracting(KeptBlock::number).containsExactly(1_000L, 2_000L, TO);
    ProofRecord proof = ledger().proof().find();
    assertThat(proof.proof()).isEmpty();
    assertThat(proof.generation()).isEqualTo(1);
    assertThat(proof.marks())
        .extracting(mark -> mark.month().toString())
        .containsExactly("2026-01");
  }

  @Test
  void whereNoHashWasKeptTheReportSaysThatTheOperatorDecides() {
    Rewind.Report report = rewind(Worlds.history(), store, 500);

    assertThat(report.unchecked()).contains("the store kept no hash of a block up to it");
    assertThat(cursor().lastBlockHash())
        .contains(Worlds.history().header(500).orElseThrow().hash());
  }

  @Test
  void aStoreThatForgotEverythingStandsOnNoBlockThatCouldChange() {
    rewind(Worlds.history(), store, 0);
    assertThat(cursor().lastBlockHash()).isEmpty();
    assertThat(rewind(Worlds.history(), store, 0).unchecked()).isEmpty();

    backfill(Worlds.history().forked(), store, 1, STOOD);

    assertThat(cursor().lastBlock()).isEqualTo(STOOD);
    assertThat(cursor().generation()).isEqualTo(1);
  }

  @Test
  void aDryRunSaysTheSameAndWritesNothing() {
    Map<String, String> before = StoreProbe.content(store);
    Cursor cursor = cursor();

    Rewind.Report report =
        new Rewind(Optional.of(Worlds.history()), Worlds.settings(), ledger()).run(TO, true);

    assertThat(report.forgotten()).containsExactly(new BlockRange(TO + 1, STOOD));
    assertThat(report.done()).isEmpty();
    assertThat(report.isThere()).isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(before);
    assertThat(cursor()).isEqualTo(cursor);
  }

  @Test
  void onceMoreThereIsNothingToDo() {
    rewind(Worlds.history(), store, TO);
    Cursor cursor = cursor();

    Rewind.Report again = rewind(Worlds.history(), store, TO);

    assertThat(again.isThere()).isTrue();
    assertThat(again.done()).isEmpty();
    assertThat(cursor()).isEqualTo(cursor);
  }

  @Test
  void withoutAnEndpointTheKeptBlockGivesHashAndTime() {
    Rewind.Report report =
        new Rewind(Optional.empty(), Worlds.settings(), ledger()).run(2_000, false);

    assertThat(report.unchecked()).contains("no endpoint is configured");
    BlockHeader header = Worlds.history().header(2_000).orElseThrow();
    assertThat(cursor().lastBlockHash()).contains(header.hash());
    assertThat(cursor().lastBlockTime()).hasValue(header.timestamp());

    new Rewind(Optional.empty(), Worlds.settings(), ledger()).run(1_500, false);

    assertThat(cursor().lastBlockHash()).isEmpty();
    assertThat(cursor().rewinds()).containsExactly(new Cursor.Rewind(2, 1_500));
    assertThat(incremental(Worlds.history(), store).cursor().orElseThrow().lastBlock())
        .isEqualTo(5_500);
  }

  @Test
  void whatCannotBeGoneBackToIsRefused() {
    ChainReader chain = Worlds.history();
    assertRefused(chain, STOOD + 1, "lies above the cursor's, " + STOOD);
    assertRefused(
        Worlds.history().forkedAbove(2_500), TO, "Block 3500 is another one on the chain");
    assertRefused(Worlds.history().forkedAbove(2_500), TO, "next: indexer rewind --to-block 2000");
    assertRefused(Worlds.history().forked(), TO, "a block B before that one");
    IndexSettings late =
        new IndexSettings(
            "base",
            FakeChain.CHAIN_ID,
            FakeChain.DIAMOND,
            OptionalLong.of(500),
            Confirmation.BLOCKS,
            20,
            50,
            4_000,
            200);
    assertThatThrownBy(() -> new Rewind(Optional.of(chain), late, ledger()).run(498, false))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("before the block that scanning starts at, 500");
    assertThatThrownBy(
            () ->
                new Rewind(
                        Optional.of(chain),
                        Worlds.settings(),
                        Worlds.ledger(new MemoryObjectStore()))
                    .run(1, false))
        .isInstanceOf(NotIndexedException.class);
    assertThat(cursor().generation()).isZero();
  }

  private void assertRefused(ChainReader chain, long to, String said) {
    assertThatThrownBy(
            () -> new Rewind(Optional.of(chain), Worlds.settings(), ledger()).run(to, false))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(said);
  }

  @Test
  void documentsFollowAtOnce() {
    rewind(Worlds.history(), store, TO);

    PublishReport published = publish(Worlds.history(), store);

    assertThat(published.skippedNewer()).isEmpty();
    assertThat(published.written()).contains(DocumentKeys.SUMMARY, DocumentKeys.STUCK_SESSIONS);
    String summary = text("summary.json");
    assertThat(summary)
        .contains("\"asOfBlock\":" + TO)
        .containsPattern("\"generatedAt\":\"[^\"]*\",\"generation\":1,")
        .contains("\"rewind\":{\"generation\":1,\"toBlock\":" + TO + "}");
    assertThat(text("summary.html"))
        .contains("\"as-of-block\" content=\"" + TO + "\"", "\"store-generation\" content=\"1\"");
  }

  @Test
  void aRollupThatBeganBeforeDoesNotReplaceThemAgain() {
    MemoryObjectStore before = StoredRows.copy(store);
    rewind(Worlds.history(), store, TO);
    publish(Worlds.history(), store);
    Map<String, String> published = StoreProbe.content(store);

    Publisher publisher = new Publisher(store, attempt -> {});
    PublishReport late =
        new RollupRun(
                Worlds.settings(),
                Worlds.ledger(before),
                new MetricRules(500, 0, 0, Set.of()),
                publisher,
                1)
            .run(Worlds.history(), Patience.none(), PartialCache.none(), Instant.EPOCH)
            .published();

    assertThat(late.written()).isEmpty();
    assertThat(late.skippedNewer()).hasSizeGreaterThan(10);
    assertThat(StoreProbe.content(store)).isEqualTo(published);
  }

  @Test
  void aRunThatBeganBeforeCannotSayThatAnythingIsScanned() {
    Ledger late = ledger();
    late.begin();
    rewind(Worlds.history(), store, TO);
    Map<String, String> before = StoreProbe.content(store);
    Cursor cursor = cursor();
    KeptBlock end = new KeptBlock(Worlds.history().header(STOOD).orElseThrow(), "");
    EnrichedRows none = new EnrichedRows(List.of(), List.of(), List.of());

    for (BlockRange range : new BlockRange[] {SCANNED, new BlockRange(TO + 1, STOOD)}) {
      assertThatThrownBy(
              () ->
                  late.commit(
                      range, end, none, new TreeSet<>(Set.of(5_000L)), Worlds.history()::header))
          .isInstanceOf(StoreConflictException.class)
          .hasMessageContaining("began in generation 0")
          .hasMessageContaining("next: run the same command again");
      assertThatThrownBy(
              () ->
                  late.cursor()
                      .advance(range, end.header(), Worlds.NETWORK, 0, Instant.EPOCH, "late"))
          .isInstanceOf(StoreConflictException.class);
    }
    Proof proof = new Proof(STOOD, STOOD, ProofState.PROVEN, 60, OptionalLong.of(60), 0);
    assertThat(late.proof().advance(proof, List.of(), 0).proof()).isEmpty();

    assertThat(StoreProbe.content(store)).isEqualTo(before);
    assertThat(cursor()).isEqualTo(cursor);
  }

  @Test
  void aModelReadBeforeDoesNotWinForItsHigherBlock() {
    ModelInfo old = ledger().models().find().models().values().iterator().next();
    rewind(Worlds.history(), store, TO);
    Ledger now = ledger();
    now.begin();
    ModelInfo renamed = new ModelInfo(old.id(), "renamed", List.of(), TO);

    now.merge(new EnrichedRows(List.of(), List.of(), List.of(renamed)));
    now.models().merge(List.of(old));

    assertThat(old.readAtBlock()).isGreaterThan(TO);
    assertThat(now.models().find().find(old.id())).contains(renamed.in(1));
  }

  @Test
  void coverageThatWasRestoredFromBeforeIsNotBelieved() {
    Coverage before = ledger().coverage().find();
    rewind(Worlds.history(), store, TO);
    assertThat(before.in(cursor()).ranges()).containsExactly(new BlockRange(1, TO));
    assertThat(before.in(cursor())).isEqualTo(ledger().coverage().find());
  }

  /** A rewind that is killed at every store operation, and every kind of run behind it. */
  @ParameterizedTest
  @EnumSource(Next.class)
  void killedAnywhereTheNextRunFinishesIt(Next next) {
    MemoryObjectStore calm = StoredRows.copy(store);
    rewind(Worlds.history(), calm, TO);
    next.run(Worlds.history(), calm);
    for (boolean beforeIt : new boolean[] {true, false}) {
      killedThenNext(calm, next, beforeIt);
    }
  }

  private void killedThenNext(MemoryObjectStore calm, Next next, boolean beforeIt) {
    int begun = 0;
    boolean killed = true;
    for (int step = 1; killed; step++) {
      MemoryObjectStore copy = StoredRows.copy(store);
      int deadly = step;
      StoreProbe probe =
          new StoreProbe(
              copy,
              n -> Killed.when(beforeIt && n == deadly),
              n -> Killed.when(!beforeIt && n == deadly));
      killed = Killed.ends(() -> rewind(Worlds.history(), probe, TO));
      if (Worlds.ledger(copy).cursor().find().orElseThrow().generation() == 0) {
        continue; // it never began
      }
      begun++;
      next.run(Worlds.history(), copy);
      assertThat(StoreProbe.content(copy))
          .as("killed at %d", step)
          .isEqualTo(StoreProbe.content(calm));
      Cursor cursor = Worlds.ledger(copy).cursor().find().orElseThrow();
      assertThat(cursor.rewinding()).isFalse();
      assertThat(cursor.rewinds()).containsExactly(new Cursor.Rewind(1, TO));
      assertThat(cursor.lastBlock())
          .isEqualTo(Worlds.ledger(calm).cursor().find().orElseThrow().lastBlock());
    }
    assertThat(begun).isGreaterThan(6);
  }

  private static Rewind.Report rewind(FakeChain chain, ObjectStore store, long to) {
    return new Rewind(Optional.of(chain), Worlds.settings(), Worlds.ledger(store)).run(to, false);
  }

  private static IncrementalReport incremental(FakeChain chain, ObjectStore store) {
    return new Incremental(chain, Worlds.settings(), Worlds.ledger(store), Patience.none())
        .run(RunBudget.unlimited(), ScanListener.none());
  }

  private static void backfill(FakeChain chain, ObjectStore store, long first, long last) {
    Backfill backfill =
        new Backfill(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(first, OptionalLong.of(last), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private static PublishReport publish(FakeChain chain, ObjectStore store) {
    return new RollupRun(
            Worlds.settings(),
            Worlds.ledger(store),
            new MetricRules(500, 0, 0, Set.of()),
            new Publisher(store, attempt -> {}),
            1)
        .run(chain, Patience.none(), PartialCache.none(), Instant.EPOCH)
        .published();
  }

  private Ledger ledger() {
    return Worlds.ledger(store);
  }

  private Cursor cursor() {
    return ledger().cursor().find().orElseThrow();
  }

  private String text(String key) {
    return new String(store.find(new ObjectKey(key)).orElseThrow().body(), StandardCharsets.UTF_8);
  }
}
