package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class BackfillTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Ledger ledger = Worlds.ledger(store);

  @Test
  void everyOpenAndCloseBecomesARowOfItsMonth() {
    Backfill.Report report = backfill(Worlds.history(), 1, OptionalLong.empty());

    assertThat(report.opens()).isEqualTo(60);
    assertThat(report.closes()).isEqualTo(50);
    assertThat(report.rowsAdded()).isEqualTo(110);
    assertThat(report.isPartial()).isFalse();
    assertThat(opens()).hasSize(60);
    assertThat(closes()).hasSize(50);
    assertThat(ledger.rows().partitions(RowKind.CLOSES).keySet())
        .containsExactly(Month.parse("2026-01"), Month.parse("2026-02"));
  }

  @Test
  void coverageAndCursorEndAtTheSafeHead() {
    backfill(Worlds.history(), 1, OptionalLong.empty());

    long safe = Worlds.HEAD - 20;
    assertThat(ledger.coverage().find().ranges()).containsExactly(new BlockRange(1, safe));
    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(safe);
  }

  @Test
  void piecesHoldSoManyMissingBlocksEachAndPassOverGapsBetween() {
    List<BlockRange> missing =
        List.of(new BlockRange(1, 5), new BlockRange(11, 12), new BlockRange(20, 29));

    assertThat(Backfill.pieces(missing, 6))
        .containsExactly(new BlockRange(1, 11), new BlockRange(12, 24), new BlockRange(25, 29));
    assertThat(Backfill.pieces(missing, 100)).containsExactly(new BlockRange(1, 29));
    assertThat(Backfill.pieces(List.of(), 1)).isEmpty();
    for (long blocks = 1; blocks < 20; blocks++) {
      List<BlockRange> pieces = Backfill.pieces(missing, blocks);
      assertThat(pieces).hasSize((int) ((17 + blocks - 1) / blocks));
      assertThat(missing)
          .allMatch(
              gap ->
                  LongStream.rangeClosed(gap.first(), gap.last())
                      .allMatch(
                          block -> pieces.stream().filter(p -> p.contains(block)).count() == 1));
    }
  }

  @Test
  void whatWasReadBeforeAFailureIsCommittedAndTheFailureThrown() {
    FakeChain cutOff = Worlds.fill(new CutOffChain(Worlds.HEAD, 2_100)).window(700);

    assertThatThrownBy(() -> backfill(cutOff, 1, OptionalLong.empty()))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessage("blocks 2101.. are not to be had");

    assertThat(ledger.coverage().find().ranges()).containsExactly(new BlockRange(1, 2_100));
    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(2_100);
    backfill(Worlds.history(), 1, OptionalLong.empty());
    assertThat(opens()).hasSize(60);
    assertThat(closes()).hasSize(50);
  }

  @Test
  void aFailureWithNothingReadBeforeItCommitsNothing() {
    FakeChain cutOff = Worlds.fill(new CutOffChain(Worlds.HEAD, 0));

    assertThatThrownBy(() -> backfill(cutOff, 1, OptionalLong.empty()))
        .isInstanceOf(ChainUnavailableException.class);

    assertThat(StoreProbe.content(store)).isEmpty();
  }

  @Test
  void nothingIsCommittedOnceTheTimeIsUp() {
    FakeChain cutOff = Worlds.fill(new CutOffChain(Worlds.HEAD, 700)).window(700);
    Backfill backfill = backfillOn(cutOff);
    Backfill.Plan plan = backfill.plan(new Backfill.Request(1, OptionalLong.empty(), false));
    AtomicInteger asked = new AtomicInteger();

    assertThatThrownBy(
            () -> backfill.run(plan, () -> asked.incrementAndGet() == 1, ScanListener.none()))
        .isInstanceOf(ChainUnavailableException.class);

    assertThat(StoreProbe.content(store)).isEmpty();
  }

  /** Has no logs to give beyond a block. */
  @Test
  void aContradictionLosesNothingOfWhatWasReadBeforeIt() {
    FakeChain contradicts =
        Worlds.fill(
                new CutOffChain(Worlds.HEAD, 2_100) {
                  @Override
                  RuntimeException failure(String text) {
                    return new ChainContradictionException(text);
                  }
                })
            .window(700);

    assertThatThrownBy(() -> backfill(contradicts, 1, OptionalLong.empty()))
        .isInstanceOf(ChainContradictionException.class);

    assertThat(ledger.coverage().find().ranges()).containsExactly(new BlockRange(1, 2_100));
  }

  private static class CutOffChain extends FakeChain {
    private final long last;

    CutOffChain(long head, long last) {
      super(head);
      this.last = last;
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice slice = super.logs(query);
      if (slice.range().last() > last) {
        throw failure("blocks %d.. are not to be had".formatted(query.range().first()));
      }
      return slice;
    }

    RuntimeException failure(String text) {
      return new ChainUnavailableException(text);
    }
  }

  @Test
  void theSameBytesComeOutHoweverTheRangeIsCut() {
    backfill(Worlds.history(), 1, OptionalLong.empty());
    MemoryObjectStore other = new MemoryObjectStore();
    Backfill piecewise =
        new Backfill(Worlds.reader(Worlds.history().window(7)), Worlds.ledger(other));
    for (long from : new long[] {4_000, 1, 2_500, 3_000}) {
      Backfill.Request request =
          new Backfill.Request(from, OptionalLong.of(from == 4_000 ? 99_999 : from + 1_500), false);
      piecewise.run(piecewise.plan(request), RunBudget.unlimited(), ScanListener.none());
    }
    piecewise.run(
        piecewise.plan(new Backfill.Request(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());

    assertThat(StoreProbe.content(other)).isEqualTo(StoreProbe.content(store));
  }

  @Test
  void whatIsCoveredIsPassedOverUnlessARescanIsAskedFor() {
    backfill(Worlds.history(), 1, OptionalLong.of(3_000));
    Backfill again = backfillOn(Worlds.history());

    Backfill.Plan rest = again.plan(new Backfill.Request(1, OptionalLong.of(4_000), false));
    Backfill.Plan rescan = again.plan(new Backfill.Request(1, OptionalLong.of(4_000), true));

    assertThat(rest.ranges()).containsExactly(new BlockRange(3_001, 4_000));
    assertThat(rest.blocks()).isEqualTo(1_000);
    assertThat(rescan.ranges()).containsExactly(new BlockRange(1, 4_000));
  }

  @Test
  void aRangeBeyondTheCursorLeavesItWhereItIs() {
    backfill(Worlds.history(), 1, OptionalLong.of(1_000));
    backfill(Worlds.history(), 2_000, OptionalLong.of(3_000));

    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(1_000);
    assertThat(ledger.coverage().find().gaps(new BlockRange(1, 3_000)))
        .containsExactly(new BlockRange(1_001, 1_999));

    backfill(Worlds.history(), 1, OptionalLong.of(3_000));

    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(3_000);
  }

  @Test
  void historyNeverMovesTheCursorBack() {
    backfill(Worlds.history(), 2_000, OptionalLong.of(3_000));
    backfill(Worlds.history(), 1, OptionalLong.of(500));

    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(3_000);
  }

  @Test
  void aStartBehindTheSafeHeadIsRefused() {
    assertThatThrownBy(() -> backfill(Worlds.history(), Worlds.HEAD - 10, OptionalLong.empty()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("5990")
        .hasMessageContaining("5980");
    assertThatThrownBy(() -> new Backfill.Request(10, OptionalLong.of(9), false))
        .hasMessageContaining("10");
  }

  @Test
  void aCursorWhoseBlockChangedStopsTheRunAndSaysHowToRewind() {
    backfill(Worlds.history(), 1, OptionalLong.of(1_000));
    var before = StoreProbe.content(store);

    assertThatThrownBy(() -> backfill(Worlds.history().forked(), 1, OptionalLong.of(2_000)))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("Block 1000 has hash")
        .hasMessageContaining("indexer rewind --to-block");
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void rowsHoldWhatTheContractSaid() {
    FakeChain chain = new FakeChain(200);
    var session =
        chain
            .named(1, "A\u202Enice\u0007 model")
            .open(2, 3, 1, 10, 6_000)
            .closed(50, 31_000, 420, 11, 22);
    backfill(chain, 1, OptionalLong.empty());

    SessionClose row = (SessionClose) closes().get(0);

    assertThat(row.sessionId()).isEqualTo(session.id());
    assertThat(row.openedAt()).isEqualTo(FakeChain.time(10));
    assertThat(row.closedAt()).isEqualTo(FakeChain.time(50));
    assertThat(row.durationSeconds()).isEqualTo(2_400);
    assertThat(row.receipt().inputTokens()).hasValue(11);
    assertThat(row.receipt().tpsScaled1000()).hasValue(31_000);
    assertThat(row.modelName()).isEqualTo("Anice model");
    assertThat(row.readAtBlock()).isEqualTo(180);
    assertThat(row.paid()).isEqualTo(row.earned());
    assertThat(ledger.models().find().models().values())
        .singleElement()
        .satisfies(model -> assertThat(model.name()).isEqualTo("Anice model"));
  }

  @Test
  void aBudgetThatRunsOutLeavesAPartialRunThatIsWhole() {
    int[] allowed = {3};
    Backfill backfill = backfillOn(Worlds.history().window(100));
    Backfill.Plan plan = backfill.plan(new Backfill.Request(1, OptionalLong.empty(), false));

    Backfill.Report report = backfill.run(plan, () -> --allowed[0] > 0, ScanListener.none());

    assertThat(report.isPartial()).isTrue();
    assertThat(ledger.coverage().find().ranges()).containsExactly(new BlockRange(1, 300));
    assertThat(ledger.cursor().find().orElseThrow().lastBlock()).isEqualTo(300);
  }

  private Backfill.Report backfill(FakeChain chain, long start, OptionalLong end) {
    Backfill backfill = backfillOn(chain);
    return backfill.run(
        backfill.plan(new Backfill.Request(start, end, false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private Backfill backfillOn(FakeChain chain) {
    return new Backfill(Worlds.reader(chain), ledger);
  }

  private List<OpenRow> opens() {
    List<OpenRow> rows = new ArrayList<>();
    ledger
        .rows()
        .partitions(RowKind.OPENS)
        .keySet()
        .forEach(m -> ledger.rows().forEachOpen(m, rows::add));
    return rows;
  }

  private List<CloseRow> closes() {
    List<CloseRow> rows = new ArrayList<>();
    ledger
        .rows()
        .partitions(RowKind.CLOSES)
        .keySet()
        .forEach(m -> ledger.rows().forEachClose(m, rows::add));
    return rows;
  }
}
