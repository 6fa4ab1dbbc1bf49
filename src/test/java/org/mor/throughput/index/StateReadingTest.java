package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** A safe head that lies deeper than the nodes keep state. */
class StateReadingTest {
  private static final long LAG = 300;
  private static final long KEPT = 128;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Ledger ledger = Worlds.ledger(store);

  /** A node that keeps the state of the newest blocks, and whose head grows while it is asked. */
  private static final class PrunedChain extends FakeChain {
    private long newest;
    private long kept = KEPT;
    private long grows;
    private final List<Long> refused = new ArrayList<>();

    PrunedChain(long head) {
      super(head);
      newest = head;
    }

    @Override
    public FakeChain head(long block) {
      newest = block;
      return super.head(block);
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      BlockHeader head = super.head(tag);
      return tag == HeadTag.LATEST ? head : super.header(newest - LAG).orElseThrow();
    }

    private long lowest() {
      return newest - kept + 1;
    }

    @Override
    public List<CallResult> calls(List<ContractCall> asked, long block) {
      head(newest + grows);
      require(block);
      return super.calls(asked, block);
    }

    @Override
    public Hash32 storage(Address contract, Hash32 slot, long block) {
      require(block);
      return super.storage(contract, slot, block);
    }

    private void require(long block) {
      if (block < lowest()) {
        refused.add(block);
        throw new StatePrunedException("Making calls: the last: missing trie node\nnext: x");
      }
    }

    @Override
    public OptionalLong lowestState(long block) {
      return kept == 0 || block > newest
          ? OptionalLong.empty()
          : OptionalLong.of(Math.max(block, lowest()));
    }
  }

  @ParameterizedTest
  @EnumSource(Confirmation.class)
  void aRunReadsTheLowestStateThatIsLeftAboveTheSafeHead(Confirmation confirmation) {
    PrunedChain chain = Worlds.fill(new PrunedChain(Worlds.HEAD));

    ScheduledReport report = run(chain, settings(confirmation));

    assertThat(report.scan().cursor().orElseThrow().lastBlock()).isEqualTo(Worlds.HEAD - LAG);
    assertThat(report.rollup()).isPresent();
    assertThat(closes())
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.readAtBlock()).isEqualTo(chain.lowest()))
        .allSatisfy(row -> assertThat(row.position().block()).isLessThanOrEqualTo(chain.lowest()));
    assertThat(ledger.unsafeReadings().find())
        .contains(new BlockRange(Worlds.HEAD - LAG + 1, chain.lowest()));
    assertThat(report.proof().orElseThrow().proof().orElseThrow().state())
        .as("the count at the cursor's block is gone")
        .isEqualTo(ProofState.PARTIAL);
  }

  @Test
  void aStateThatIsDroppedWhileItIsReadIsReadHigherUp() {
    PrunedChain chain = Worlds.fill(new PrunedChain(Worlds.HEAD));
    chain.grows = 3;

    run(chain, settings(Confirmation.BLOCKS));

    assertThat(closes()).isNotEmpty();
    long read = closes().get(0).readAtBlock();
    assertThat(closes()).allSatisfy(row -> assertThat(row.readAtBlock()).isEqualTo(read));
    assertThat(ledger.unsafeReadings().find().orElseThrow().last()).isEqualTo(read);
  }

  @Test
  void whereNoStateIsLeftTheTwoSettingsAreNamed() {
    PrunedChain chain = Worlds.fill(new PrunedChain(Worlds.HEAD));
    chain.kept = 0;

    assertThatThrownBy(() -> run(chain, settings(Confirmation.BLOCKS)))
        .isInstanceOf(StatePrunedException.class)
        .hasMessageContaining("state of block " + (Worlds.HEAD - LAG) + ", the safe head")
        .hasMessageContaining("missing trie node")
        .hasMessageContaining("SAFETY_LAG_BLOCKS")
        .hasMessageContaining("CONFIRMATION=blocks");
    assertThat(closes()).isEmpty();
  }

  @Test
  void aStateThatIsThereIsReadAtTheSafeHeadAndNothingIsNoted() {
    PrunedChain chain = Worlds.fill(new PrunedChain(Worlds.HEAD));
    chain.kept = LAG + 1;

    run(chain, settings(Confirmation.BLOCKS));

    assertThat(closes())
        .allSatisfy(row -> assertThat(row.readAtBlock()).isEqualTo(Worlds.HEAD - LAG));
    assertThat(ledger.unsafeReadings().find()).isEmpty();
    assertThat(chain.refused).isEmpty();
  }

  /** Paid in full at the block that was read, which the chain may leave: read again when safe. */
  @Test
  void aCloseReadAboveTheSafeHeadStaysUnsettledUntilItIsReadAtALaterOne() {
    PrunedChain chain = new PrunedChain(Worlds.HEAD);
    var session = chain.open(1, 1, 1, 5_000, 60_000);
    session
        .closed(5_500, Bytes.EMPTY, 0, BigInteger.TEN.pow(20))
        .claimed(5_800, BigInteger.TEN.pow(21));
    run(chain, settings(Confirmation.BLOCKS));
    long first = closes().get(0).readAtBlock();
    assertThat(closes().get(0).isUnsettled()).isFalse();
    assertThat(first).isGreaterThan(Worlds.HEAD - LAG);

    chain.head(Worlds.HEAD + 5_000);
    RefreshReport waiting = refresh(chain);
    assertThat(waiting.read()).as("its state is gone again").isZero();
    assertThat(closes().get(0).readAtBlock()).isEqualTo(first);

    chain.kept = 1_000;
    long safe = Worlds.HEAD + 5_000 - LAG;
    assertThat(refresh(chain).read()).isEqualTo(1);
    assertThat(closes().get(0).readAtBlock()).isEqualTo(safe);

    chain.head(Worlds.HEAD + 9_000);
    assertThat(refresh(chain).read()).as("settled").isZero();
  }

  private RefreshReport refresh(FakeChain chain) {
    IndexSettings settings = settings(Confirmation.BLOCKS);
    return new CloseRefresh(chain, settings, ledger, Patience.none())
        .run(
            new RefreshRequest(
                List.copyOf(ledger.rows().months(RowKind.CLOSES)), 100, 1_800, false),
            RefreshListener.none());
  }

  private ScheduledReport run(FakeChain chain, IndexSettings settings) {
    MetricRules rules = new MetricRules(500, 0, 0, Set.of());
    RollupRun rollup =
        new RollupRun(settings, ledger, rules, new Publisher(store, attempt -> {}), 1);
    return new ScheduledRun(chain, settings, ledger, rollup, Patience.none())
        .run(
            ScheduledRun.Publishing.ALWAYS,
            RunBudget.unlimited(),
            ScanListener.none(),
            PartialCache.none(),
            Instant.EPOCH);
  }

  private List<SessionClose> closes() {
    List<SessionClose> closes = new ArrayList<>();
    ledger
        .rows()
        .months(RowKind.CLOSES)
        .forEach(month -> ledger.rows().forEachClose(month, row -> closes.add((SessionClose) row)));
    return closes;
  }

  private static IndexSettings settings(Confirmation confirmation) {
    return new IndexSettings(
        "base",
        FakeChain.CHAIN_ID,
        FakeChain.DIAMOND,
        OptionalLong.of(1),
        confirmation,
        LAG,
        50,
        8_000,
        200);
  }
}
