package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SketchTest {
  private static final long[] EDGES = {0, 1, 63, 64, 127, 128, 129, 4096, (1L << 32) - 1};

  @Test
  void percentilesAreWithinOnePercentOfTheExactOnes() {
    for (int seed = 0; seed < 3000; seed++) {
      long[] values = values(new Random(seed));
      Sketch sketch = sketch(values, 0, values.length);
      Arrays.sort(values);
      for (int percent : new int[] {1, 50, 95, 99, 100}) {
        long exact = values[(values.length * percent + 99) / 100 - 1];
        long found = sketch.percentile(percent).orElseThrow();
        assertThat(Math.abs(found - exact) * 100)
            .as("seed %d: p%d is %d, not %d", seed, percent, found, exact)
            .isLessThanOrEqualTo(exact);
      }
    }
  }

  @Test
  void mergedPartsAreTheWhole() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long[] values = values(random);
      int cut = random.nextInt(values.length + 1);
      Sketch merged = sketch(values, cut, values.length);
      merged.merge(sketch(values, 0, cut));
      assertThat(entries(merged)).isEqualTo(entries(sketch(values, 0, values.length)));
      assertThat(merged.count()).isEqualTo(values.length);
    }
  }

  @Test
  void everyBucketHoldsItsMiddleAndBucketsAscend() {
    int last = Sketch.bucketOf(Long.MAX_VALUE);
    for (int bucket = 0; bucket <= last; bucket++) {
      assertThat(Sketch.bucketOf(Sketch.middleOf(bucket))).isEqualTo(bucket);
    }
    for (long edge : EDGES) {
      assertThat(Sketch.bucketOf(edge + 1)).isBetween(Sketch.bucketOf(edge), last);
    }
    assertThat(Sketch.middleOf(Sketch.bucketOf(127))).isEqualTo(127);
    assertThat(Sketch.bucketOf((1L << 32) - 1)).isEqualTo(25 * 64 + 127);
  }

  @Test
  void aSketchOfNothingHasNoPercentile() {
    assertThat(new Sketch().percentile(50)).isEmpty();
  }

  @Test
  void nonsenseIsRefusedByName() {
    assertThatThrownBy(() -> new Sketch().add(-1)).hasMessageContaining("negative value: -1");
    assertThatThrownBy(() -> new Sketch().percentile(0)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> new Sketch().addCount(5, 0)).hasMessageContaining("5 x 0");
  }

  private static long[] values(Random random) {
    int bits = 1 + random.nextInt(32);
    return random
        .longs(1 + random.nextInt(200), 0, 1L << bits)
        .map(value -> random.nextInt(6) == 0 ? EDGES[random.nextInt(EDGES.length)] : value)
        .toArray();
  }

  private static Sketch sketch(long[] values, int from, int to) {
    Sketch sketch = new Sketch();
    Arrays.stream(values, from, to).forEach(sketch::add);
    return sketch;
  }

  private static String entries(Sketch sketch) {
    StringBuilder text = new StringBuilder();
    sketch.forEach((bucket, count) -> text.append(bucket).append('x').append(count).append(' '));
    return text.toString();
  }
}
