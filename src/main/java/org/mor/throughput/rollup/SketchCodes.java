package org.mor.throughput.rollup;

import java.util.stream.IntStream;

/**
 * Sketches in a row of small numbers. Each begins at bucket 0; a number n &gt;= 0 goes n buckets on
 * and counts one sample there, a number n &lt; 0 counts -n more in the same bucket. How many
 * samples a sketch has is written elsewhere and says where it ends.
 */
public final class SketchCodes {
  private SketchCodes() {}

  static void append(IntStream.Builder codes, Sketch sketch) {
    int[] bucket = {0};
    sketch.forEach(
        (next, count) -> {
          codes.add(next - bucket[0]);
          bucket[0] = next;
          long more = count - 1;
          while (more > 0) {
            int part = (int) Math.min(more, Integer.MAX_VALUE);
            codes.add(-part);
            more -= part;
          }
        });
  }

  /**
   * Adds the sketch of {@code samples} samples that begins at {@code at} to {@code to}, and returns
   * where the next one begins.
   *
   * @throws IllegalArgumentException when the codes end before, or hold another number of samples
   */
  public static int read(int[] codes, int at, long samples, Sketch.BucketConsumer to) {
    int next = at;
    int bucket = 0;
    for (long left = samples; left > 0; next++) {
      boolean stays = next < codes.length && codes[next] < 0;
      if (next >= codes.length || (stays && (next == at || -(long) codes[next] > left))) {
        throw new IllegalArgumentException(
            "No sketch of %d samples at place %d of %d".formatted(samples, at, codes.length));
      }
      bucket += stays ? 0 : codes[next];
      long count = stays ? -(long) codes[next] : 1;
      to.accept(bucket, count);
      left -= count;
    }
    return next;
  }
}
