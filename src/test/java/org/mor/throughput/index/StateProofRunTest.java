package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.chain.Witness.Receipt;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.testing.FakeChain.Honest;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.ProvingChain;
import org.mor.throughput.testing.ProvingChain.Proving;
import org.mor.throughput.testing.Rewound;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

/** Where runs use proofs: the sample of a scheduled run, repair, and retraction. */
class StateProofRunTest {
  private static final Hash32 ANY = Hash32.fromHex("0x" + "7a".repeat(32));

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final ProvingChain chain = Worlds.fill(new ProvingChain(Worlds.HEAD));

  @Test
  void aSampleIsProvenWhenItIsItsTurnAndKept() {
    backfill(chain);
    Ledger ledger = Worlds.ledger(store);
    StateProofRun run = new StateProofRun(Worlds.reader(chain), ledger);
    List<Long> turns =
        LongStream.range(0, 100_000)
            .filter(seq -> Turn.of("state proof " + seq, 100) == 0)
            .boxed()
            .toList();
    assertThat(turns.size()).isBetween(900, 1_100);

    assertThat(run.sample(at(turns.get(0) + 1))).isFalse();
    assertThat(ledger.stateProof().find()).isEmpty();
    assertThat(run.sample(at(turns.get(0)))).isTrue();
    StateProofMark mark = ledger.stateProof().find().orElseThrow();
    assertThat(mark.block()).isEqualTo(Worlds.HEAD - 40);
    assertThat(mark.hash()).isEqualTo(chain.header(mark.block()).orElseThrow().hash());
    assertThat(List.of(mark.sampled(), mark.proven())).containsExactly(20L, 20L);
    assertThat(mark.since()).isEqualTo(ProvingChain.time(mark.block()));

    Map<String, String> before = StoreProbe.content(store);
    assertThat(run.sample(at(turns.get(0)))).as("the same chain state").isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(before);
    chain.head(Worlds.HEAD + 50);
    assertThat(run.sample(at(turns.get(1)))).isTrue();
    assertThat(ledger.stateProof().find().orElseThrow().block()).isEqualTo(Worlds.HEAD + 10);
    assertThat(ledger.stateProof().find().orElseThrow().since()).isEqualTo(mark.since());
  }

  @Test
  void aFalseRowIsCountedAndWhatIsPublishedSaysSo() {
    FakeSession victim = chain.sessions().get(0);
    backfill(new Lying(chain, victim.id()));

    TrustlessCheck.Report report = check(chain, 0);

    assertThat(report.findings()).hasSize(1);
    ProvenRows.Finding finding = report.findings().get(0);
    assertThat(finding.session()).isEqualTo(victim.id());
    assertThat(finding.field().field()).isEqualTo("stakeWei");
    assertThat(report.proven()).isEqualTo(report.sampled() - 1);
    assertThat(report.differs()).isTrue();
    assertThat(report.meaning()).contains("1 differ").doesNotContain("confidence");
  }

  @Test
  void countAndTotalAreComparedWithTheRows() {
    backfill(chain);
    TrustlessCheck.Report whole = check(chain, 7);
    assertThat(whole.opens()).isEqualTo(OptionalLong.of(whole.count()));
    assertThat(whole.differs()).isFalse();
    assertThat(whole.sampled()).isEqualTo(7);

    StoredRows.dropOpen(store, 3);
    TrustlessCheck.Report lacking = check(chain, 7);
    assertThat(lacking.countDiffers()).isTrue();
    assertThat(lacking.differs()).isTrue();
  }

  @Test
  void anEndpointWithoutProofsStopsNoRun() {
    backfill(Worlds.history());
    Ledger ledger = Worlds.ledger(store);
    StateProofRun run = new StateProofRun(Worlds.reader(Worlds.history()), ledger);

    long turn =
        LongStream.range(0, 1_000)
            .filter(seq -> Turn.of("state proof " + seq, 100) == 0)
            .findFirst()
            .orElseThrow();
    assertThat(run.sample(at(turn))).isFalse();
    assertThat(ledger.stateProof().find()).isEmpty();
  }

  @Test
  void aRepairStoresNothingThatTheStateContradicts() {
    backfill(chain);
    Map<String, String> whole = StoreProbe.content(store);
    StoredRows.dropOpen(store, 0);
    Map<String, String> before = StoreProbe.content(store);

    assertThatThrownBy(() -> repair(new Lying(chain, chain.sessions().get(0).id())))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining(chain.sessions().get(0).id() + " was read with stakeWei")
        .hasMessageContaining("next: doctor");
    assertThat(StoreProbe.content(store)).isEqualTo(before);

    assertThat(repair(chain).remains()).isFalse();
    assertThat(StoreProbe.content(store)).isEqualTo(whole);
  }

  /** Two endpoints have the same blocks and disagree about a session: the state root decides. */
  @Test
  void oneProvenWordIsEnoughAgainstAnEndpointThatTheStateRootContradicts() {
    FakeSession lost = chain.open(1, 1, 1, 2_850, 600);
    lost.closed(2_870, 30_000, 700, 100, 200);
    backfill(chain);
    Bytes closed = returned(chain.calls(List.of(ProvingChain.DIAMOND.session(lost.id())), 5_000));
    chain.forkedAbove(2_860);
    lost.reopened();
    Witness honest = chain.new Proving("honest");
    Witness liar =
        chain.new Proving("liar") {
          @Override
          public List<CallResult> calls(List<ContractCall> asked, Hash32 blockHash) {
            List<CallResult> results = new ArrayList<>(super.calls(asked, blockHash));
            results.set(0, new CallResult.Returned(closed));
            return results;
          }
        };
    Witness without = chain.new Honest();

    MemoryObjectStore copy = StoredRows.copy(store);
    assertThat(rewound(copy, new Mute(chain, without, new Told(liar))).retracted())
        .as("without proofs they must agree")
        .isZero();
    assertThat(rewound(store, new Mute(chain, liar, honest)).retracted()).isEqualTo(1);
  }

  @Test
  void theSampleHasEveryKindAndDoesNotDependOnTheOrder() {
    backfill(chain);
    List<SessionClose> rows = closes();
    StratifiedSample forward = new StratifiedSample(12, 7);
    rows.forEach(forward::offer);
    StratifiedSample backward = new StratifiedSample(12, 7);
    for (int i = rows.size() - 1; i >= 0; i--) {
      backward.offer(rows.get(i));
    }

    assertThat(forward.chosen()).isEqualTo(backward.chosen()).hasSize(12).doesNotHaveDuplicates();
    assertThat(forward.population()).isEqualTo(rows.size());
    assertThat(forward.chosen().stream().map(row -> kind(row)).distinct())
        .containsExactlyInAnyOrderElementsOf(
            rows.stream().map(row -> kind(row)).distinct().toList());
    StratifiedSample other = new StratifiedSample(12, 8);
    rows.forEach(other::offer);
    assertThat(other.chosen()).isNotEqualTo(forward.chosen());
  }

  /** Many small months with false rows, and one large one: the claim must hold for them too. */
  @Test
  void aSampleMissesFalseRowsNoMoreOftenThanItSays() {
    backfill(chain);
    List<SessionClose> some = closes();
    List<SessionClose> rows = new ArrayList<>();
    Set<Hash32> wrong = new HashSet<>();
    for (int i = 0; i < 8_000; i++) {
      Hash32 id = Hash32.fromHex("0x" + Sha256.hex(("row " + i).getBytes(UTF_8)));
      // One in a hundred stands in a stratum of its own: another type of closeout.
      boolean isRare = i % 100 == 0;
      SessionClose one = some.get(i % some.size());
      rows.add(with(one, id, isRare ? 2 + i / 100 : 0, one.paid()));
      if (isRare) {
        wrong.add(id);
      }
    }
    int missed = 0;
    for (int seed = 0; seed < 300; seed++) {
      StratifiedSample sample = new StratifiedSample(459, seed);
      rows.forEach(sample::offer);
      List<SessionClose> chosen = sample.chosen();
      assertThat(chosen).hasSize(459);
      missed += chosen.stream().anyMatch(row -> wrong.contains(row.sessionId())) ? 0 : 1;
    }
    assertThat(missed).as("of 300 samples, of which 1 %% may miss").isLessThan(8);
  }

  /** An endpoint that names another block must not keep an honest one from being the judge. */
  @Test
  void whereEndpointsDisagreeAboutTheBlockARepairStoresNothing() {
    backfill(chain);
    StoredRows.dropOpen(store, 0);
    Map<String, String> before = StoreProbe.content(store);
    Witness other =
        chain.new Proving("other") {
          @Override
          public Optional<BlockHeader> header(long number) {
            return super.header(number).map(now -> new BlockHeader(number, ANY, now.timestamp()));
          }
        };
    Lying liar = new Lying(chain, chain.sessions().get(0).id(), other, chain.new Proving("honest"));

    assertThatThrownBy(() -> repair(liar))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("disagree about block");
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void whatRowsSayWasPaidIsWhatTheStateSaysOrCanStillSay() {
    backfill(chain);
    chain.head(Worlds.HEAD + 500);
    Ledger ledger = Worlds.ledger(store);
    List<SessionClose> rows = new ArrayList<>();
    for (Month month : ledger.rows().months(RowKind.CLOSES)) {
      ledger.rows().forEachClose(month, row -> rows.add((SessionClose) row));
    }
    SessionClose settled =
        rows.stream().filter(row -> !row.isUnsettled()).findFirst().orElseThrow();
    TrustlessCheck.Report before = check(chain, 0);
    assertThat(before.differs()).isFalse();
    assertThat(before.later()).as("rows read after the block").isZero();

    long block = before.block().number();
    Wei more = settled.paid().plus(Wei.of(1));
    Wei huge = before.totalClaimed().plus(Wei.of(1));
    assertPaid(ledger, paid(settled, more, block - 9), true, true);
    assertPaid(ledger, paid(settled, huge, block - 8), true, true);
    assertPaid(ledger, paid(settled, huge, block + 1), true, false);
    assertPaid(ledger, paid(settled, Wei.ZERO, block + 2), true, false);
    assertPaid(ledger, paid(settled, settled.paid(), block + 3), false, false);
  }

  private void assertPaid(Ledger ledger, SessionClose row, boolean differs, boolean totalDiffers) {
    ledger.rows().merge(List.of(), List.of(row));
    TrustlessCheck.Report report = check(chain, 0);
    assertThat(report.findings().stream().map(one -> one.field().field()).toList())
        .isEqualTo(differs ? List.of("paidWei") : List.of());
    assertThat(report.paidDiffers()).isEqualTo(totalDiffers);
    assertThat(report.differs()).isEqualTo(differs);
  }

  private static SessionClose paid(SessionClose row, Wei paid, long readAt) {
    return with(row, row.sessionId(), row.closeoutType(), paid).withReading(Reading.at(readAt, 0));
  }

  private static SessionClose with(SessionClose row, Hash32 id, int type, Wei paid) {
    return new SessionClose(
        id,
        row.user(),
        row.provider(),
        row.bidId(),
        row.modelId(),
        row.modelName(),
        row.openedAt(),
        row.endsAt(),
        row.closedAt(),
        row.stake(),
        row.pricePerSecond(),
        paid,
        type,
        row.directPayment(),
        row.receipt(),
        row.position(),
        row.txHash(),
        row.reading());
  }

  @Test
  void aDamagedPartitionStopsNoRun() {
    backfill(chain);
    ObjectKey key = store.list(RowKind.CLOSES.prefix()).get(0).key();
    store.replace(
        key,
        new byte[] {1, 2, 3},
        store.find(key).orElseThrow().version(),
        ObjectAttributes.PRIVATE_GZIP);
    Ledger ledger = Worlds.ledger(store);
    long turn =
        LongStream.range(0, 1_000)
            .filter(seq -> Turn.of("state proof " + seq, 100) == 0)
            .findFirst()
            .orElseThrow();

    assertThat(new StateProofRun(Worlds.reader(chain), ledger).sample(at(turn))).isFalse();
  }

  @Test
  void theConfidenceIsThatOfASampleWithoutADifference() {
    assertThat(TrustlessCheck.mostPercent(459)).isEqualTo("1");
    assertThat(TrustlessCheck.mostPercent(458)).isEqualTo("1.1");
    assertThat(TrustlessCheck.mostPercent(20)).isEqualTo("20.6");
    assertThat(TrustlessCheck.mostPercent(1)).isEqualTo("99");
    assertThat(TrustlessCheck.mostPercent(1_000_000)).isEqualTo("0.1");
  }

  private static String kind(SessionClose close) {
    return Month.of(close.eventTime())
        + close.receipt().format().label()
        + close.closeoutType()
        + close.isUnsettled();
  }

  private List<SessionClose> closes() {
    List<SessionClose> rows = new ArrayList<>();
    RowArchive archive = Worlds.ledger(store).rows();
    archive
        .months(RowKind.CLOSES)
        .forEach(month -> archive.forEachClose(month, row -> rows.add((SessionClose) row)));
    return rows;
  }

  private TrustlessCheck.Report check(ChainReader reader, int sample) {
    return new TrustlessCheck(reader, Worlds.settings(), Worlds.ledger(store))
        .run(new TrustlessCheck.Request(sample, 1, Optional.empty(), Optional.empty(), true));
  }

  private Optional<Cursor> at(long seq) {
    Cursor now = Worlds.ledger(store).position().orElseThrow();
    return Optional.of(
        new Cursor(
            now.lastBlock(),
            now.lastRun(),
            now.lastBlockHash(),
            now.lastBlockTime(),
            seq,
            now.writeId(),
            now.network(),
            now.version(),
            now.rewinds(),
            now.rewinding()));
  }

  private void backfill(ChainReader reader) {
    backfill(Worlds.ledger(store), reader);
  }

  private static SuspectReport backfill(Ledger ledger, ChainReader reader) {
    Backfill backfill = new Backfill(Worlds.reader(reader), ledger);
    return backfill
        .run(
            backfill.plan(new Backfill.Request(1, OptionalLong.empty(), false)),
            RunBudget.unlimited(),
            ScanListener.none())
        .suspects();
  }

  private static SuspectReport rewound(MemoryObjectStore store, ChainReader reader) {
    return backfill(Rewound.ledger(store, List.of(2_860L)), reader);
  }

  private Repair.Report repair(ChainReader reader) {
    return new Repair(Worlds.reader(reader), Worlds.ledger(store)).run(false, ScanListener.none());
  }

  private static Bytes returned(List<CallResult> results) {
    return ((CallResult.Returned) results.get(0)).data();
  }

  /** Gives another stake for one session, while its endpoints prove the truth. */
  private static final class Lying extends Mute {
    private final ContractCall asked;

    Lying(ProvingChain chain, Hash32 session) {
      this(chain, session, chain.new Proving("honest"));
    }

    Lying(ProvingChain chain, Hash32 session, Witness... witnesses) {
      super(chain, witnesses);
      this.asked = ProvingChain.DIAMOND.session(session);
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, long block) {
      List<CallResult> results = new ArrayList<>(super.calls(calls, block));
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i).equals(asked)) {
          byte[] data = returned(results.subList(i, i + 1)).toArray();
          data[32 + 3 * 32 - 1] ^= 1;
          results.set(i, new CallResult.Returned(Bytes.of(data)));
        }
      }
      return results;
    }
  }

  /** Says what another one says, but proves nothing. */
  private record Told(Witness other) implements Witness {
    @Override
    public String name() {
      return "told";
    }

    @Override
    public Optional<BlockHeader> header(long number) {
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
}
