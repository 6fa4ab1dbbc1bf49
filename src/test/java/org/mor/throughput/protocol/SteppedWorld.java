package org.mor.throughput.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.Rewind;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Turns;
import org.mor.throughput.testing.Worlds;

/**
 * The model's world in the real code: a chain of four blocks on both sides of a month's end, each
 * with one close, and two {@code Incremental} runs and a {@code Backfill} that stop before each
 * call the model knows of.
 */
final class SteppedWorld {
  /** The model's block 1 is two blocks before February. */
  private static final long BEFORE_FIRST = 2_877;

  private static final int LAG = 10;
  private static final List<Month> MONTHS = List.of(Month.parse("2026-01"), Month.parse("2026-02"));

  final MemoryObjectStore memory = new MemoryObjectStore();
  private final Turns turns = new Turns(3);
  private final SortedMap<String, Integer> blocksById = new TreeMap<>();
  private final List<SteppedStore> stores = new ArrayList<>();
  private final List<SteppedChain> chains = new ArrayList<>();
  private final String[] pending = {"", "", ""};
  private final Fault[] next = {Fault.NONE, Fault.NONE, Fault.NONE};
  private final boolean[] ended = new boolean[3];
  private final int forksAbove;
  private final @Nullable Runnable[] late = new @Nullable Runnable[ModelState.PUTS_ON_THE_WAY];

  SteppedWorld(ModelState start) {
    forksAbove = start.forksAbove();
    for (int i = 0; i < 3; i++) {
      int writer = i;
      stores.add(new SteppedStore(memory, what -> pause(writer, what), this::send));
      SteppedChain chain = new SteppedChain(what -> pause(writer, what));
      for (int block = 1; block <= ModelState.LAST_BLOCK; block++) {
        var session = chain.open(block, 1, 1, BEFORE_FIRST - 100 + block, 3_600);
        session.closed(BEFORE_FIRST + block, 30_000, 700, 100, 200);
        blocksById.put(session.id().toHex(), block);
      }
      chain.finalizedAt(BEFORE_FIRST + Math.max(0, forksAbove));
      chains.add(chain);
    }
    headIs(start.safeHead);
    fill(start);
    int operatesTo = start.writers[2].operatesTo;
    Runnable backfill =
        operatesTo > 0 ? () -> operate(start, operatesTo) : () -> backfill(2, start);
    List<Runnable> runs = List.of(() -> incremental(0), () -> incremental(1), backfill);
    for (int i = 0; i < 3; i++) {
      int writer = i;
      Runnable run = runs.get(i);
      turns.cast(writer, () -> play(writer, run));
      turns.pass(turns.driver(), writer);
    }
  }

  /** What the writer is about to do, in the model's words. */
  String pending(int writer) {
    return pending[writer];
  }

  /** Lets a writer do it, well or with a fault, and go on to its next call. */
  void step(int writer, Fault fault) {
    next[writer] = fault;
    turns.pass(turns.driver(), writer);
  }

  /** A put goes where the model puts it: to the first place that is free. */
  private void send(Runnable put) {
    late[Arrays.asList(late).indexOf(null)] = put;
  }

  void land(int put) {
    Objects.requireNonNull(late[put]).run();
    late[put] = null;
  }

  void headIs(int safe) {
    chains.forEach(chain -> chain.head(BEFORE_FIRST + safe + LAG));
  }

  void reorganise() {
    chains.forEach(chain -> chain.forkedAbove(BEFORE_FIRST + forksAbove));
  }

  /** What is left of the runs is to look at the cursor once more, and to prove what is stored. */
  void end() {
    for (int writer = 0; writer < 3; writer++) {
      while (!ended[writer]) {
        assertThat(pending(writer)).startsWith("GET ");
        step(writer, Fault.NONE);
      }
    }
  }

  /** The stored rows of a month as the model writes them. */
  int rows(int month) {
    int[] rows = new int[1];
    Optional<?> found =
        Worlds.ledger(memory)
            .rows()
            .forEachClose(
                MONTHS.get(month),
                row ->
                    rows[0] |=
                        Rows.read(
                            1 << (blocksById.get(row.sessionId().toHex()) - 1),
                            (int) (row.readAtBlock() - BEFORE_FIRST),
                            row.generation()));
    return found.isPresent() ? rows[0] : Item.ABSENT;
  }

  int coverage() {
    Coverage coverage = Worlds.ledger(memory).coverage().find();
    int covered = 0;
    for (var range : coverage.ranges()) {
      covered |=
          Protocol.upTo((int) (range.last() - BEFORE_FIRST))
              & ~Protocol.upTo((int) (range.first() - BEFORE_FIRST) - 1);
    }
    int kept = 0;
    for (KeptBlock block : coverage.kept()) {
      kept = Encoded.keep(kept, (int) (block.number() - BEFORE_FIRST), hash(block.header().hash()));
    }
    return memory.find(CoverageStore.KEY).isPresent()
        ? Encoded.coverage(covered, coverage.generation(), kept)
        : Item.ABSENT;
  }

  int cursor() {
    return Worlds.ledger(memory)
        .cursor()
        .find()
        .map(
            at ->
                Encoded.cursor(
                    (int) (at.lastBlock() - BEFORE_FIRST),
                    hash(at.lastBlockHash().orElseThrow()),
                    at.generation(),
                    (int) (at.rewindTo().orElse(BEFORE_FIRST - 1) - BEFORE_FIRST),
                    (int) at.seq()))
        .orElse(Item.ABSENT);
  }

  /** As {@link FakeChain} makes hashes: of the number, and of how often the chain was forked. */
  private static int hash(Hash32 hash) {
    return Long.parseLong(hash.toHex().substring(2), 16) < 2_000_000 ? 0 : 1;
  }

  private int play(int writer, Runnable run) {
    boolean done = false;
    while (!done) {
      chains.get(writer).newRun();
      done = SteppedRuns.endsWell(run);
    }
    ended[writer] = true;
    return turns.driver();
  }

  private Fault pause(int writer, String what) {
    pending[writer] = what;
    turns.pass(writer, turns.driver());
    return next[writer];
  }

  private void incremental(int writer) {
    new Incremental(chains.get(writer), settings(), ledger(stores.get(writer)), Patience.none())
        .run(RunBudget.unlimited(), ScanListener.none());
  }

  private void backfill(int writer, ModelState start) {
    int asked = start.backfilled();
    scan(
        chains.get(writer),
        stores.get(writer),
        Integer.numberOfTrailingZeros(asked) + 1,
        32 - Integer.numberOfLeadingZeros(asked));
  }

  private void operate(ModelState start, int to) {
    try {
      new Rewind(Optional.of(chains.get(2)), settings(), ledger(stores.get(2)))
          .run(BEFORE_FIRST + to, false);
    } catch (BadRequestException | NotIndexedException refused) {
      // The backfill comes all the same.
    }
    chains.get(2).newRun();
    backfill(2, start);
  }

  private static void scan(FakeChain chain, ObjectStore store, int first, int last) {
    Backfill backfill = new Backfill(chain, settings(), ledger(store), Patience.none());
    backfill.run(
        backfill.plan(
            new BackfillRequest(BEFORE_FIRST + first, OptionalLong.of(BEFORE_FIRST + last), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private void fill(ModelState start) {
    SteppedChain chain = chains.get(0);
    for (int block = 1; block <= ModelState.LAST_BLOCK; block++) {
      int one = block;
      if ((start.storedBlocks() >> (block - 1) & 1) == 1) {
        chain.atOnce(() -> scan(chain, memory, one, one));
      }
    }
  }

  private static Ledger ledger(ObjectStore store) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        CommitRetry.none(),
        Worlds.NETWORK,
        new Ledger.Run("run", () -> java.time.Instant.EPOCH));
  }

  private static IndexSettings settings() {
    return new IndexSettings(
        "base",
        FakeChain.CHAIN_ID,
        FakeChain.DIAMOND,
        OptionalLong.of(BEFORE_FIRST + 1),
        Confirmation.BLOCKS,
        LAG,
        1,
        2,
        0);
  }
}
