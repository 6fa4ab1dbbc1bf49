package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

/** When a scan commits, and of which chain its windows are. */
class RangeIndexerTest {
  private static final BlockRange RANGE = new BlockRange(1, 5_900);
  private static final long ROW_BYTES = 1_000;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final List<BlockRange> commits = new ArrayList<>();
  private final List<BlockRange> windows = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  private final ScanListener listener =
      new ScanListener() {
        @Override
        public void scanned(BlockRange range, int events) {
          windows.add(range);
        }

        @Override
        public void committed(BlockRange range, int opens, int closes) {
          commits.add(range);
        }
      };

  @Test
  void oneCommitTakesAllWindowsWhileFewRowsWaitAndLittleTimePasses() {
    index(Worlds.fill(new Truthful()), 1L << 40);

    assertThat(windows.size()).isGreaterThan(10);
    assertThat(commits).containsExactly(RANGE);
  }

  @Test
  void aCommitIsMadeWhenEnoughBytesOfRowsWait() {
    index(Worlds.fill(new Truthful()), 20 * ROW_BYTES);

    assertThat(commits).hasSize(6);
    assertThat(commits.get(5).last()).isEqualTo(RANGE.last());
  }

  @Test
  void aCommitIsMadeWhenEnoughTimeHasPassed() {
    Truthful slow =
        Worlds.fill(
            new Truthful() {
              @Override
              public LogSlice logs(LogQuery query) {
                now = now.plusSeconds(10);
                return super.logs(query);
              }
            });

    index(slow, 1L << 40);

    // Three windows of ten seconds each are more than 25 seconds.
    assertThat(commits.get(0)).isEqualTo(new BlockRange(1, 3 * Truthful.WINDOW));
    assertThat(commits.get(1).first()).isEqualTo(3 * Truthful.WINDOW + 1);
  }

  @Test
  void aWindowOfAnotherForkIsReadAgainAndNeverMeetsTheOthersInACommit() {
    Forked forked = Worlds.fill(new Forked(1));

    index(forked, 1L << 40);

    assertThat(forked.lied).isTrue();
    assertThat(commits).containsExactly(RANGE);
    assertThat(StoreProbe.content(store)).isEqualTo(undisturbed());
  }

  @Test
  void whereTheChainItselfHasLeftTheScanEndsAndNothingOfBothIsStored() {
    Forked forked = Worlds.fill(new Forked(Integer.MAX_VALUE));

    assertThatThrownBy(() -> index(forked, 1L << 40))
        .isInstanceOf(ChainReorganisedException.class)
        .hasMessageContaining("the chain was reorganised while it was scanned");

    assertThat(commits).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void rowsThatCannotBeMadeKeepNoneOfThoseBeforeThemFromTheirPlace() {
    Truthful failing =
        Worlds.fill(
            new Truthful() {
              private int called;

              @Override
              public List<CallResult> calls(List<ContractCall> asked, long block) {
                if (++called > 6) {
                  throw new ChainUnavailableException("the endpoint has a bad moment");
                }
                return super.calls(asked, block);
              }
            });

    assertThatThrownBy(() -> index(failing, 20 * ROW_BYTES)).hasMessageContaining("bad moment");

    assertThat(commits).isNotEmpty();
    assertThat(Worlds.ledger(store).position().orElseThrow().lastBlock())
        .isEqualTo(commits.get(commits.size() - 1).last());
  }

  @Test
  void aRunThatIsAskedToEndStoresWhatItHasAlthoughNoMoreComes() {
    boolean[] asked = {false};
    Truthful silent =
        Worlds.fill(
            new Truthful() {
              @Override
              public LogSlice logs(LogQuery query) {
                if (query.range().first() > 1_000) {
                  asked[0] = true;
                  throw new ChainUnavailableException("nobody waits any longer");
                }
                return super.logs(query);
              }
            });
    RunBudget budget =
        new RunBudget() {
          @Override
          public boolean allowsAnotherRange() {
            return !asked[0];
          }

          @Override
          public boolean allowsCommit() {
            return true;
          }
        };

    assertThatThrownBy(() -> index(silent, 1L << 40, budget)).hasMessageContaining("waits");

    assertThat(commits).containsExactly(new BlockRange(1, windows.get(windows.size() - 1).last()));
  }

  private void index(FakeChain chain, long mostBytes) {
    index(chain, mostBytes, RunBudget.unlimited());
  }

  private void index(FakeChain chain, long mostBytes, RunBudget budget) {
    Ledger ledger =
        new Ledger(
            store,
            UserPrivacy.plain(),
            Patience.none(),
            Worlds.NETWORK,
            new Ledger.Run("run", () -> now));
    ScanReport unused =
        new RangeIndexer(Worlds.reader(chain), ledger, scanned -> SuspectReport.NONE, mostBytes)
            .index(
                RANGE,
                EventReader.Footing.of(RANGE, Optional.empty(), Coverage.NONE),
                () -> Worlds.HEAD - 20,
                budget,
                listener);
  }

  private static Map<String, String> undisturbed() {
    RangeIndexerTest calm = new RangeIndexerTest();
    calm.index(Worlds.fill(new Truthful()), 1L << 40);
    return StoreProbe.content(calm.store);
  }

  /** Gives windows of a few hundred blocks. */
  private static class Truthful extends FakeChain {
    static final long WINDOW = 300;

    Truthful() {
      super(Worlds.HEAD);
      window(WINDOW);
    }
  }

  /** The fifth window comes from a node on another fork, which has none of its logs. */
  private static final class Forked extends Truthful {
    private final int times;
    private int asked;
    private boolean lied;

    /**
     * @param times how often it answers so: from then on the whole chain is that fork, or is as it
     *     was
     */
    Forked(int times) {
      this.times = times;
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice slice = super.logs(query);
      asked++;
      if (asked < 5 || asked >= 5 + (long) times) {
        return slice;
      }
      lied = true;
      List<BlockHeader> anchors = slice.anchors().stream().map(Forked::other).toList();
      return new LogSlice(slice.range(), other(slice.end()), List.of(), anchors, "");
    }

    @Override
    public Map<Long, BlockHeader> headers(Collection<Long> numbers) {
      Map<Long, BlockHeader> headers = super.headers(numbers);
      if (times == Integer.MAX_VALUE) {
        headers.replaceAll((number, header) -> other(header));
      }
      return headers;
    }

    private static BlockHeader other(BlockHeader header) {
      return new BlockHeader(header.number(), Hash32.of(new byte[32]), header.timestamp());
    }
  }
}
