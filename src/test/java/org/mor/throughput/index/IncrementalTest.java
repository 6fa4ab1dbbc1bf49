package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class IncrementalTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Ledger ledger = Worlds.ledger(store);

  @Test
  void withoutACursorItStartsNearTheHeadAndSaysSo() {
    IncrementalReport report = run(Worlds.history());

    assertThat(report.historyNeedsBackfill()).isTrue();
    assertThat(report.planned()).contains(new BlockRange(1_981, 5_980));
    assertThat(report.isPartial()).isFalse();
    assertThat(report.cursor().orElseThrow().lastBlock()).isEqualTo(5_980);
    assertThat(report.lagBlocks()).contains(20L);
  }

  @Test
  void aFirstRunThatStartsAtTheStartBlockItselfMissesNoHistory() {
    IncrementalReport report = run(Worlds.history().head(3_000));

    assertThat(report.planned()).contains(new BlockRange(1, 2_980));
    assertThat(report.historyNeedsBackfill()).isFalse();
  }

  @Test
  void aChainThatEndsBeforeTheStartBlockMissesNoHistoryAndHasNoLag() {
    IncrementalReport report = run(Worlds.history().head(10));

    assertThat(report.planned()).isEmpty();
    assertThat(report.historyNeedsBackfill()).isFalse();
    assertThat(report.lagBlocks()).as("without a cursor nobody knows").isEmpty();
  }

  @Test
  void itGoesOnBehindTheCursorAndScansTheOverlapAgain() {
    run(Worlds.history().head(3_000));

    IncrementalReport report = run(Worlds.history());

    assertThat(report.historyNeedsBackfill()).isFalse();
    assertThat(report.planned()).contains(new BlockRange(2_931, 5_980));
    assertThat(ledger.coverage().find().ranges()).containsExactly(new BlockRange(1, 5_980));
  }

  @Test
  void oneRunScansNoMoreThanItsShare() {
    run(Worlds.history().head(120));

    IncrementalReport report = run(Worlds.history());

    assertThat(report.planned()).contains(new BlockRange(51, 4_100));
    assertThat(report.cursor().orElseThrow().lastBlock()).isEqualTo(4_100);
  }

  @Test
  void aHeadBehindTheCursorIsNothingNew() {
    run(Worlds.history());
    var before = StoreProbe.content(store);

    IncrementalReport report = run(Worlds.history().head(5_990));

    assertThat(report.planned()).isEmpty();
    assertThat(report.isPartial()).isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void aNodeWithoutTheCursorsBlockIsBehindAndNothingElse() {
    run(Worlds.history());

    assertThatThrownBy(() -> run(Worlds.history().head(3_000)))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("no block 5980");
  }

  @Test
  void aLogMissedNearTheHeadIsFoundByTheNextOverlap() {
    FakeChain lying = new FakeChain(1_000);
    run(lying);
    assertThat(ledger.coverage().find().covers(new BlockRange(1, 980))).isTrue();
    FakeChain honest = new FakeChain(1_100);
    honest.open(1, 1, 1, 975, 3_600);

    IncrementalReport report = run(honest);

    assertThat(report.scan().orElseThrow().rowsAdded()).isEqualTo(1);
  }

  @Test
  void withoutTimeForARangeItIsPartialAndChangesNothing() {
    IncrementalReport report =
        new Incremental(Worlds.history(), Worlds.settings(), ledger, Patience.none())
            .run(() -> false, ScanListener.none());

    assertThat(report.isPartial()).isTrue();
    assertThat(report.scan()).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void plansAreCutAtTheStartBlock() {
    assertThat(ScanPlan.incremental(OptionalLong.empty(), 10, Worlds.settings()))
        .contains(new BlockRange(1, 10));
    assertThat(ScanPlan.incremental(OptionalLong.empty(), 0, Worlds.settings())).isEmpty();
    assertThat(ScanPlan.incremental(OptionalLong.empty(), -1, Worlds.settings())).isEmpty();
    assertThat(ScanPlan.incremental(OptionalLong.of(20), 21, Worlds.settings()))
        .contains(new BlockRange(1, 21));
    assertThat(ScanPlan.incremental(OptionalLong.of(21), 21, Worlds.settings())).isEmpty();
  }

  private IncrementalReport run(FakeChain chain) {
    return new Incremental(chain, Worlds.settings(), ledger, Patience.none())
        .run(RunBudget.unlimited(), ScanListener.none());
  }
}
