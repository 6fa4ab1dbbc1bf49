package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

class BlockFinderTest {
  private static final Hash32 HASH = Hash32.fromHex("0x" + "0".repeat(64));

  /** Blocks at times of its own, several of which may be the same. */
  private static final class Timed extends FakeChain {
    private final long[] times;

    Timed(long... times) {
      super(times.length - 1);
      this.times = times;
    }

    @Override
    public Optional<BlockHeader> header(long number) {
      beforeAnswer();
      return Optional.of(new BlockHeader(number, HASH, times[(int) number]));
    }

    @Override
    public Map<Long, BlockHeader> headers(Collection<Long> numbers) {
      beforeAnswer();
      return numbers.stream()
          .collect(
              java.util.stream.Collectors.toMap(
                  number -> number, n -> new BlockHeader(n, HASH, times[n.intValue()])));
    }
  }

  @Test
  void manyTimesAtOnceGiveTheSameBlocksAsOneByOne() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      long[] times = new long[1 + random.nextInt(60)];
      for (int i = 1; i < times.length; i++) {
        times[i] = times[i - 1] + random.nextInt(3);
      }
      BlockRange within = new BlockRange(random.nextInt(times.length), times.length - 1L);
      List<Long> asked = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(80); i++) {
        asked.add((long) random.nextInt(130));
      }

      Map<Long, BlockRange> found =
          new BlockFinder(Worlds.reader(new Timed(times))).at(asked, within, 0);

      for (long time : asked) {
        assertThat(found.get(time))
            .as("round %d, time %d", round, time)
            .isEqualTo(new BlockFinder(Worlds.reader(new Timed(times))).at(time, within));
      }
    }
  }

  @Test
  void severalBlocksOfOneSecondAreAllFound() {
    Timed chain = new Timed(10, 11, 11, 11, 12, 12);

    assertThat(new BlockFinder(Worlds.reader(chain)).at(11, new BlockRange(0, 5)))
        .isEqualTo(new BlockRange(1, 3));
    assertThat(new BlockFinder(Worlds.reader(chain)).at(12, new BlockRange(0, 5)))
        .isEqualTo(new BlockRange(4, 5));
  }

  @Test
  void withSlackEveryRangeHoldsTheExactOneAndIsNotMuchWider() {
    long[] times = new long[20_000];
    for (int i = 0; i < times.length; i++) {
      times[i] = 2L * i;
    }
    Timed chain = new Timed(times);
    List<Long> asked = new ArrayList<>();
    for (long time = 0; time < 40_000; time += 6) {
      asked.add(time);
    }

    Map<Long, BlockRange> found =
        new BlockFinder(Worlds.reader(chain)).at(asked, new BlockRange(0, 19_999), 500);

    assertThat(chain.asked()).isLessThan(10);
    assertThat(found).hasSize(asked.size());
    found.forEach(
        (time, range) -> {
          assertThat(range.contains(time / 2)).isTrue();
          assertThat(range.size()).isLessThanOrEqualTo(1_002);
        });
  }

  @Test
  void timesThatDoNotRiseEndTheSearchAllTheSame() {
    Timed chain = new Timed(5, 9, 3, 7, 1, 8, 2, 6);

    assertThat(new BlockFinder(Worlds.reader(chain)).at(List.of(4L, 7L), new BlockRange(0, 7), 0))
        .hasSize(2);
    assertThat(chain.asked()).isLessThan(10);
  }
}
