package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** Runs on a chain that is reorganised before, between and under them. */
class HealingTest {
  private static final long FIRST_HEAD = 1_000;
  private static final long BLOCKS_A_RUN = 10;
  private static final int RUNS = 12;
  private static final long SAFETY_LAG = Worlds.settings().safetyLagBlocks();

  private final MemoryObjectStore store = new MemoryObjectStore();

  /** A chain that says who asks what, and which block is final. */
  private static class PlayedChain extends FakeChain {
    private IntConsumer before = n -> {};
    private long finalized = -1;
    private List<Sighting> witnesses = List.of();
    private String host = "";

    PlayedChain() {
      super(FIRST_HEAD);
    }

    @Override
    protected void beforeAnswer() {
      super.beforeAnswer();
      before.accept(asked());
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      if (tag == HeadTag.FINALIZED && finalized == 0) {
        throw new ChainUnavailableException("no such tag");
      }
      return tag == HeadTag.FINALIZED && finalized > 0
          ? header(finalized).orElseThrow()
          : super.head(tag);
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice slice = super.logs(query);
      return new LogSlice(slice.range(), slice.end(), slice.logs(), slice.anchors(), host);
    }

    @Override
    public List<Sighting> sightings(long number) {
      List<Sighting> all = new ArrayList<>(witnesses);
      all.removeIf(witness -> witness.header().number() != number);
      header(number).ifPresent(found -> all.add(new Sighting(host, found)));
      return all;
    }

    /** Another endpoint that agrees about every block. */
    void seconded() {
      witnesses = new ArrayList<>();
      for (long block = 0; block <= head(HeadTag.LATEST).number(); block++) {
        witnesses.add(new Sighting("second.example", header(block).orElseThrow()));
      }
    }
  }

  /** A store that was scanned in several runs, up to where the last one was safe. */
  private PlayedChain scannedInRuns() {
    PlayedChain chain = Worlds.fill(new PlayedChain());
    backfill(chain);
    for (int run = 1; run <= RUNS; run++) {
      chain.head(FIRST_HEAD + run * BLOCKS_A_RUN);
      incremental(chain);
    }
    return chain;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 10, 11, 25, 59, 60})
  void aRunAfterAReorganisationGoesBackToTheNewestBlockThatTheChainHasAndScansOn(int depth) {
    PlayedChain chain = scannedInRuns();
    long stood = cursor().lastBlock();
    chain.finalized = stood - 60;

    chain.forkedAbove(stood - depth);
    Incremental.Report report = incremental(chain);

    long to = stood - (depth + BLOCKS_A_RUN - 1) / BLOCKS_A_RUN * BLOCKS_A_RUN;
    assertThat(report.rewound()).contains(new Rewinding.Done(1, stood, to));
    assertThat(report.scan().orElseThrow().done())
        .contains(new BlockRange(to + 1 - Worlds.settings().overlapBlocks(), stood));
    assertThat(cursor().rewinds()).containsExactly(new Cursor.Rewind(1, to));
    assertOnChain(chain, 1);
    assertThat(incremental(chain).rewound()).isEmpty();
  }

  @Test
  void aBackfillHealsToo() {
    PlayedChain chain = scannedInRuns();
    long stood = cursor().lastBlock();
    chain.forkedAbove(stood - 15);

    Backfill.Report report = backfill(chain);

    assertThat(report.rewound()).contains(new Rewinding.Done(1, stood, stood - 20));
    assertThat(report.scans()).hasSize(1);
    assertThat(report.isPartial()).isFalse();
    assertOnChain(chain, 1);
  }

  @Test
  void severalReorganisationsCountGenerations() {
    PlayedChain chain = scannedInRuns();
    for (int generation = 1; generation <= 3; generation++) {
      chain.forkedAbove(cursor().lastBlock() - 12);
      incremental(chain);
      assertOnChain(chain, generation);
      chain.head(chain.head(HeadTag.LATEST).number() + BLOCKS_A_RUN);
      incremental(chain);
    }
    assertThat(cursor().rewoundSince(0)).hasValue(cursor().rewinds().get(0).toBlock());
    assertThat(cursor().rewoundSince(2)).hasValue(cursor().lastRewind().orElseThrow().toBlock());
    assertThat(cursor().rewoundSince(3)).isEmpty();
  }

  @Test
  void aChainThatEndsBelowTheCursorOnAnotherForkIsGoneBackOn() {
    PlayedChain chain = scannedInRuns();
    long stood = cursor().lastBlock();
    chain.finalized = stood - 60;
    chain.forkedAbove(stood - 25);
    chain.head(stood - 5);

    Incremental.Report report = incremental(chain);

    assertThat(report.rewound()).contains(new Rewinding.Done(1, stood, stood - 30));
    assertOnChain(chain, 1);
  }

  @Test
  void aNodeThatLagsBehindTheCursorIsWaitedFor() {
    PlayedChain chain = scannedInRuns();
    Coverage before = coverage();
    chain.head(cursor().lastBlock() - 5);

    assertThatThrownBy(() -> incremental(chain))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("lags behind");
    assertThat(coverage()).isEqualTo(before);
    assertThat(cursor().generation()).isZero();
  }

  @Test
  void withoutGoodEvidenceTheRunStopsAndNamesTheBlockToGoBackTo() {
    PlayedChain chain = scannedInRuns();
    long stood = cursor().lastBlock();
    chain.finalized = stood - 10;
    chain.forkedAbove(stood - 15);

    stops(chain, "the change is below the final block", "--to-block " + (stood - 20));
    chain.finalized = 0;
    stops(chain, "does not say which block is final", "--to-block " + (stood - 20));
    chain.finalized = stood - 60;
    chain.host = "another.example";
    stops(chain, "read from another endpoint", "--to-block " + (stood - 20));
    chain.host = "";
    chain.finalized = 500;
    stops(chain, "no kept block up to the final one, 500", "--to-block " + (stood - 20));
    chain.forkedAbove(-1);
    stops(chain, "no known block is on the chain", "--to-block B, with a block B");
  }

  private void stops(PlayedChain chain, String... said) {
    Cursor before = cursor();
    Coverage scanned = coverage();
    assertThatThrownBy(() -> incremental(chain))
        .isInstanceOf(ChainReorganisedException.class)
        .hasMessageContaining("Block " + before.lastBlock() + " has hash")
        .hasMessageContaining("Nothing was changed")
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
    assertThatThrownBy(() -> backfill(chain)).isInstanceOf(ChainReorganisedException.class);
    assertThat(cursor()).isEqualTo(before);
    assertThat(coverage()).isEqualTo(scanned);
  }

  @Test
  void twoEndpointsThatAgreeAreEnoughBelowTheFinalBlockAndTwoThatDoNotNever() {
    PlayedChain chain = scannedInRuns();
    long stood = cursor().lastBlock();
    BlockHeader old = chain.header(stood - 10).orElseThrow();
    chain.finalized = stood - 10;
    chain.forkedAbove(stood - 15);
    chain.seconded();

    List<ChainReader.Sighting> agreeing = chain.witnesses;
    chain.witnesses = List.of(new ChainReader.Sighting("second.example", old));
    stops(chain, "the endpoints do not agree on block " + (stood - 10));
    chain.witnesses = agreeing;

    assertThat(incremental(chain).rewound()).contains(new Rewinding.Done(1, stood, stood - 20));
    assertOnChain(chain, 1);
  }

  /** The chain changes before any answer of a run, above any block. */
  @ParameterizedTest
  @ValueSource(ints = {-3, 0, 4, 15, 33, 55})
  void aReorganisationUnderARunLeavesNothingOfTheOldChain(int depth) {
    int answers = 0;
    for (int at = 1; at <= answers || answers == 0; at++) {
      HealingTest world = new HealingTest();
      PlayedChain chain = world.scannedInRuns();
      long stood = world.cursor().lastBlock();
      chain.window(25);
      chain.head(stood + SAFETY_LAG + 40);
      chain.finalized = stood - 60;
      int from = chain.asked();
      int deadly = at;
      chain.before =
          n -> {
            if (n == from + deadly) {
              chain.forkedAbove(stood - depth);
            }
          };

      world.attempt(() -> world.incremental(chain));
      answers = Math.max(answers, chain.asked() - from);
      chain.before = n -> {};
      world.attempt(() -> world.incremental(chain));
      world.incremental(chain);

      assertThat(world.cursor().lastBlock())
          .as("changed before answer %d", at)
          .isEqualTo(stood + 40);
      world.assertReadOnChain(chain, at);
    }
    assertThat(answers).isGreaterThan(6);
  }

  /** The same while a backfill closes the gap before blocks that were scanned ahead. */
  @ParameterizedTest
  @CsvSource({"700,true", "820,true", "950,true", "700,false", "820,false", "950,false"})
  void aReorganisationUnderABackfillLeavesNothingOfTheOldChain(int above, boolean fillsTheGap) {
    int answers = 0;
    for (int at = 1; at <= answers || answers == 0; at++) {
      HealingTest world = new HealingTest();
      PlayedChain chain = Worlds.fill(new PlayedChain());
      for (long[] range : new long[][] {{1, 600}, {601, 690}, {800, 899}, {900, 980}}) {
        world.backfill(chain, range[0], range[1]);
      }
      assertThat(world.cursor().lastBlock()).isEqualTo(690);
      chain.window(40);
      chain.finalized = 690;
      int from = chain.asked();
      int deadly = at;
      chain.before =
          n -> {
            if (n == from + deadly) {
              chain.forkedAbove(above);
            }
          };

      world.attempt(() -> world.scan(chain, fillsTheGap));
      answers = Math.max(answers, chain.asked() - from);
      chain.before = n -> {};
      world.backfill(chain);
      world.incremental(chain);

      assertThat(world.coverage().ranges()).containsExactly(new BlockRange(1, 980));
      assertThat(world.cursor().lastBlock()).as("at %d", at).isEqualTo(980);
      world.assertReadOnChain(chain, at);
    }
    assertThat(answers).isGreaterThan(6);
  }

  /** Whether every kept block, and so everything below it, is on the chain as it is now. */
  private void assertReadOnChain(PlayedChain chain, int at) {
    for (KeptBlock kept : coverage().kept()) {
      assertThat(chain.header(kept.number()))
          .as("block %d, changed before answer %d", kept.number(), at)
          .contains(kept.header());
    }
    assertThat(chain.header(cursor().lastBlock()).orElseThrow().hash())
        .isEqualTo(cursor().lastBlockHash().orElseThrow());
    assertThat(coverage().generation()).isEqualTo(cursor().generation());
  }

  private void assertOnChain(PlayedChain chain, int generation) {
    assertReadOnChain(chain, 0);
    assertThat(cursor().generation()).isEqualTo(generation);
    assertThat(cursor().rewinding()).isFalse();
    assertThat(cursor().lastBlock()).isEqualTo(chain.head(HeadTag.LATEST).number() - SAFETY_LAG);
    assertThat(coverage().ranges()).containsExactly(new BlockRange(1, cursor().lastBlock()));
  }

  /** A run that may stop because the chain changes. */
  private void attempt(Runnable run) {
    try {
      run.run();
    } catch (ChainReorganisedException | ChainUnavailableException e) {
      assertThat(e).hasMessageMatching("(?s).*(next: |run again).*");
    }
  }

  private void scan(PlayedChain chain, boolean fillsTheGap) {
    if (fillsTheGap) {
      backfill(chain);
    } else {
      incremental(chain);
    }
  }

  private Incremental.Report incremental(FakeChain chain) {
    return new Incremental(Worlds.reader(chain), Worlds.ledger(store))
        .run(RunBudget.unlimited(), ScanListener.none());
  }

  private Backfill.Report backfill(FakeChain chain) {
    return backfill(chain, new Backfill.Request(1, OptionalLong.empty(), false));
  }

  private void backfill(FakeChain chain, long first, long last) {
    backfill(chain, new Backfill.Request(first, OptionalLong.of(last), false));
  }

  private Backfill.Report backfill(FakeChain chain, Backfill.Request request) {
    Backfill backfill = new Backfill(Worlds.reader(chain), Worlds.ledger(store));
    return backfill.run(backfill.plan(request), RunBudget.unlimited(), ScanListener.none());
  }

  private Cursor cursor() {
    return Worlds.ledger(store).cursor().find().orElseThrow();
  }

  private Coverage coverage() {
    return Worlds.ledger(store).coverage().find();
  }
}
