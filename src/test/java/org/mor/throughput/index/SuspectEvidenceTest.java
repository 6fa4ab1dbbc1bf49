package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Rewound;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

/** One piece of evidence is missing, or an endpoint lies: the row stays, is counted and named. */
class SuspectEvidenceTest {
  private static final long FORK = 2_860;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final FakeChain chain = Worlds.history();
  private final FakeSession lost = chain.open(1, 1, 1, 2_850, 600);

  SuspectEvidenceTest() {
    lost.closed(2_870, 30_000, 700, 100, 200);
    backfill(Worlds.ledger(store), chain, 1, false);
  }

  private void loseTheClose() {
    chain.forkedAbove(FORK);
    lost.reopened();
  }

  @Test
  void withAllEvidenceTheRowIsRetracted() {
    loseTheClose();

    assertThat(rewound(chain).retracted()).isEqualTo(1);
    assertThat(StoredRows.lines(store, "raw/closes/"))
        .filteredOn(line -> line.contains(lost.id().toHex()))
        .singleElement()
        .asString()
        .contains(
            "\"blockNumber\":2870", "\"readAtBlock\":5980,\"generation\":1,\"retracted\":true");
  }

  @Test
  void aKeptHashThatFitsOutweighsEverythingElse() {
    lost.reopened();

    assertSuspect(backfill(Worlds.ledger(store), chain, 2_860, true), Suspect.Why.OTHER_STATE);
  }

  @Test
  void soDoesAKeptHashAheadOfTheCursor() {
    MemoryObjectStore ahead = new MemoryObjectStore();
    chain.head(120);
    backfill(Worlds.ledger(ahead), chain, 1, false);
    chain.head(Worlds.HEAD);
    backfill(Worlds.ledger(ahead), chain, 200, false);
    lost.reopened();

    SuspectReport report = backfill(Worlds.ledger(ahead), chain, 2_860, true);

    assertThat(Worlds.ledger(ahead).cursor().find().orElseThrow().lastBlock()).isEqualTo(100);
    assertThat(report.retracted()).isZero();
    assertThat(report.first()).containsExactly(suspect(Suspect.Why.OTHER_STATE));
  }

  @Test
  void nobodyToAskIsNoEvidence() {
    loseTheClose();

    assertSuspect(rewound(new Mute(chain)), Suspect.Why.OTHER_STATE);
  }

  @Test
  void theLogInItsBlockOutweighsTheState() {
    Witness hasTheLog = new FakeChainBefore(lost.id()).new Honest();
    loseTheClose();

    assertSuspect(rewound(new Mute(chain, hasTheLog)), Suspect.Why.OTHER_STATE);
  }

  /** The chain as it was, which says that its blocks are those of the fork. */
  private static final class FakeChainBefore extends FakeChain {
    FakeChainBefore(Hash32 session) {
      super(Worlds.HEAD);
      Worlds.fill(this);
      open(1, 1, 1, 2_850, 600).closed(2_870, 30_000, 700, 100, 200);
      forkedAbove(FORK);
      assertThat(sessions()).extracting(FakeSession::id).contains(session);
    }
  }

  @Test
  void aReceiptElsewhereMeansThatTheEventMovedAndIsReadAgainThere() {
    chain.forkedAbove(FORK);
    lost.reopened().closed(2_875, 31_000, 700, 100, 200);
    Dropping dropping = new Dropping(chain, lost.id());

    SuspectReport report = rewound(dropping);

    assertThat(report.readAgain()).isEqualTo(1);
    assertThat(close(lost.id()).position().block()).isEqualTo(2_875);
    assertThat(close(lost.id()).generation()).isEqualTo(1);
    assertThat(Worlds.ledger(store).suspects().rows()).isEmpty();
  }

  @Test
  void anEventThatMovedToABlockThatIsNotSafeLeavesItsRowSuspectUntilItIs() {
    chain.forkedAbove(FORK);
    lost.reopened().closed(5_990, 31_000, 700, 100, 200);

    assertSuspect(rewound(chain), Suspect.Why.MOVED);

    chain.head(6_100);
    Ledger next = Rewound.ledger(store, List.of(FORK));
    backfill(next, chain, 5_900, false);
    assertThat(next.suspects().rows()).isEmpty();
    assertThat(close(lost.id()).position().block()).isEqualTo(5_990);
  }

  @Test
  void twoEndpointsMustAgreeWhereThereAreTwo() {
    loseTheClose();
    Witness silent = new Silent(chain.new Honest());
    Witness remembers = new Remembering(chain.new Honest(), lost.id());
    Witness otherFork = new FakeChain(Worlds.HEAD).forkedAbove(100).new Honest();

    for (Witness second : List.of(silent, remembers, otherFork)) {
      assertSuspect(rewound(new Mute(chain, chain.new Honest(), second)), Suspect.Why.OTHER_STATE);
      assertSuspect(rewound(new Mute(chain, second, chain.new Honest())), Suspect.Why.OTHER_STATE);
    }
    SuspectReport both = rewound(new Mute(chain, silent, chain.new Honest(), chain.new Honest()));
    assertThat(both.retracted()).as("a third one answers in its place").isEqualTo(1);
  }

  @Test
  void anEndpointThatKnowsNoSessionAtAllIsNotBelieved() {
    loseTheClose();

    assertSuspect(rewound(new Mute(chain, new Empty(chain.new Honest()))), Suspect.Why.OTHER_STATE);
  }

  @Test
  void aRowThatWasReadAtAHigherBlockThanTheChainHasIsNotTouchedYet() {
    loseTheClose();
    chain.head(2_885);

    SuspectReport report = rewound(chain);

    assertThat(report.retracted()).as("not in a block that is safe").isZero();
    assertThat(close(lost.id()).position().block()).isEqualTo(2_870);
  }

  /** Whatever endpoints leave out, with and without a rewind, nothing true is retracted. */
  @Test
  void droppedLogsNeverTakeATrueRow() {
    Map<Hash32, Long> truth = positions();
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Lossy lossy = new Lossy(random, random.nextInt(100), random.nextBoolean());
      Ledger ledger =
          random.nextBoolean()
              ? Rewound.ledger(store, Collections.nCopies(1 + seed, FORK))
              : Worlds.ledger(store);
      backfill(ledger, lossy, 1 + random.nextInt(3_000), true);

      assertThat(positions()).as("seed %d", seed).isEqualTo(truth);
      assertThat(StoredRows.lines(store, "raw/")).noneMatch(line -> line.contains("retracted"));
    }
    backfill(Rewound.ledger(store, List.of(FORK)), chain, 1, true);
    assertThat(Worlds.ledger(store).suspects().rows()).isEmpty();
    assertThat(positions()).isEqualTo(truth);
  }

  @Test
  void aDropOfLogsIsNamedAndTheStateOfTheContractClearsTheRows() {
    SuspectReport report =
        backfill(Worlds.ledger(store), new Dropping(chain, lost.id()), 2_860, true);

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(report.suspect() + report.retracted() + report.readAgain()).isZero();
    assertThat(Worlds.ledger(store).suspects().rows()).isEmpty();
  }

  @Test
  void aLaggingEndpointThatHasNotSeenTheCloseIsNoEvidence() {
    Witness behind = new FakeChain(2_865).new Honest();
    chain.forkedAbove(FORK);

    SuspectReport report = rewound(new Dropping(chain, lost.id(), behind));

    assertThat(report.retracted()).isZero();
    assertThat(close(lost.id()).generation()).as("not read again").isZero();
    assertThat(Worlds.ledger(store).suspects().rows())
        .extracting(Suspect::why)
        .containsExactly(Suspect.Why.NO_EVENT);
  }

  private SuspectReport rewound(ChainReader reader) {
    return backfill(Rewound.ledger(store, List.of(FORK)), reader, 1, false);
  }

  private void assertSuspect(SuspectReport report, Suspect.Why why) {
    assertThat(report.retracted()).isZero();
    assertThat(report.suspect()).isEqualTo(1);
    assertThat(report.first()).containsExactly(suspect(why));
    assertThat(Worlds.ledger(store).suspects().rows()).containsExactly(suspect(why));
    assertThat(close(lost.id()).position().block()).isEqualTo(2_870);
  }

  private Suspect suspect(Suspect.Why why) {
    return new Suspect(RowKind.CLOSES, Month.parse("2026-01"), lost.id(), 2_870, why);
  }

  private static SuspectReport backfill(
      Ledger ledger, ChainReader reader, long first, boolean rescan) {
    Backfill backfill = new Backfill(reader, Worlds.settings(), ledger, Patience.none());
    return backfill
        .run(
            backfill.plan(new BackfillRequest(first, OptionalLong.empty(), rescan)),
            RunBudget.unlimited(),
            ScanListener.none())
        .suspects();
  }

  private SessionRow close(Hash32 session) {
    List<SessionRow> found = new ArrayList<>();
    Ledger ledger = Worlds.ledger(store);
    for (Month month : ledger.rows().months(RowKind.CLOSES)) {
      ledger
          .rows()
          .forEachClose(
              month,
              row -> {
                if (row.sessionId().equals(session)) {
                  found.add(row);
                }
              });
    }
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private Map<Hash32, Long> positions() {
    Map<Hash32, Long> positions = new TreeMap<>();
    Ledger ledger = Worlds.ledger(store);
    for (Month month : ledger.rows().months(RowKind.CLOSES)) {
      ledger
          .rows()
          .forEachClose(month, row -> positions.put(row.sessionId(), row.position().block()));
    }
    for (Month month : ledger.rows().months(RowKind.OPENS)) {
      ledger
          .rows()
          .forEachOpen(
              month, row -> positions.merge(row.sessionId(), row.position().block(), Long::sum));
    }
    return positions;
  }

  /** Its log queries lack one session's close. */
  private static final class Dropping extends Mute {
    private final Hash32 session;

    Dropping(FakeChain chain, Hash32 session, Witness... witnesses) {
      super(chain, witnesses.length == 0 ? new Witness[] {chain.new Honest()} : witnesses);
      this.session = session;
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice whole = super.logs(query);
      return whole.with(
          whole.logs().stream()
              .filter(log -> !log.topics().get(2).equals(session) || log.position().block() < FORK)
              .toList());
    }
  }

  /** Leaves out logs by chance, by range and by hash, and receipts where it is pruned. */
  private final class Lossy extends Mute {
    private final Random random;
    private final int percent;
    private final boolean pruned;

    Lossy(Random random, int percent, boolean pruned) {
      super(chain);
      this.random = random;
      this.percent = percent;
      this.pruned = pruned;
    }

    private List<RawLog> some(List<RawLog> logs) {
      return logs.stream().filter(log -> random.nextInt(100) >= percent).toList();
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice whole = super.logs(query);
      return whole.with(some(whole.logs()));
    }

    @Override
    public List<Witness> witnesses() {
      return List.of(
          new Told(chain.new Honest()) {
            @Override
            public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
              return some(super.logs(query, blockHash));
            }

            @Override
            public Optional<Receipt> receipt(Hash32 txHash) {
              return pruned ? Optional.empty() : super.receipt(txHash);
            }
          });
    }
  }

  /** Says what another one says. */
  private static class Told implements Witness {
    private final Witness other;

    Told(Witness other) {
      this.other = other;
    }

    @Override
    public String name() {
      return "told";
    }

    @Override
    public Optional<org.mor.throughput.chain.BlockHeader> header(long number) {
      return other.header(number);
    }

    @Override
    public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
      return other.logs(query, blockHash);
    }

    @Override
    public Optional<Receipt> receipt(Hash32 txHash) {
      return other.receipt(txHash);
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
      return other.calls(calls, blockHash);
    }
  }

  /** Does not answer. */
  private static final class Silent extends Told {
    Silent(Witness other) {
      super(other);
    }

    @Override
    public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
      throw new ChainUnavailableException("no answer");
    }
  }

  /** Has the state of before the reorganisation. */
  private static final class Remembering extends Told {
    private final Bytes closed;

    Remembering(Witness other, Hash32 session) {
      super(other);
      FakeChain before = new FakeChain(Worlds.HEAD);
      Worlds.fill(before);
      FakeSession same = before.open(1, 1, 1, 2_850, 600);
      same.closed(2_870, Bytes.EMPTY, 0, BigInteger.ONE);
      assertThat(same.id()).isEqualTo(session);
      closed =
          ((CallResult.Returned)
                  before.calls(List.of(FakeChain.DIAMOND.session(session)), 5_000).get(0))
              .data();
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
      List<CallResult> results = new ArrayList<>(super.calls(calls, blockHash));
      results.set(0, new CallResult.Returned(closed));
      return results;
    }
  }

  /** Answers zeros for everything, as a node without state may. */
  private static final class Empty extends Told {
    Empty(Witness other) {
      super(other);
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
      return super.calls(calls, blockHash).stream()
          .<CallResult>map(
              result ->
                  new CallResult.Returned(
                      Bytes.of(zeros(((CallResult.Returned) result).data().size()))))
          .toList();
    }

    private static byte[] zeros(int size) {
      byte[] zeros = new byte[Math.max(size, 13 * 32)];
      zeros[31] = 32;
      zeros[32 + 3 * 32 + 31 - 1] = 1;
      zeros[32 + 3 * 32 + 31] = 0x60;
      return zeros;
    }
  }
}
