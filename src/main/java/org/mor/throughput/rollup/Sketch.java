package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A histogram of values from 0 on, in integers only: each value below 128 has a bucket of its own,
 * above there are 64 buckets to each power of two. Counts are exact; a percentile is the middle of
 * its bucket, within 0.8 % of the exact one. Sketches of parts add up to the sketch of the whole,
 * in any order. Not thread-safe.
 */
public final class Sketch implements Serializable {
  private static final int SUB_BITS = 6;

  /** Buckets to each power of two; values below twice as much have one of their own. */
  public static final int SUB_BUCKETS = 1 << SUB_BITS;

  private int[] buckets = new int[0];
  private long[] counts = new long[0];
  private int used;
  private long total;

  /** Receives buckets in ascending order. */
  @FunctionalInterface
  public interface BucketConsumer {
    void accept(int bucket, long count);
  }

  /** The bucket of a value that is not negative; larger values never have smaller buckets. */
  public static int bucketOf(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("A sketch takes no negative value: " + value);
    }
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value | 1) - SUB_BITS);
    return shift * SUB_BUCKETS + (int) (value >>> shift);
  }

  /** The middle of a bucket, rounded down. */
  public static long middleOf(int bucket) {
    int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
    long lowest = (long) (bucket - shift * SUB_BUCKETS) << shift;
    return lowest + ((1L << shift) - 1) / 2;
  }

  /** Counts one value that is not negative. */
  public void add(long value) {
    addCount(bucketOf(value), 1);
  }

  /** Counts {@code count} more values in a bucket: how a written sketch is read back. */
  public void addCount(int bucket, long count) {
    if (bucket < 0 || bucket > bucketOf(Long.MAX_VALUE) || count < 1) {
      throw new IllegalArgumentException("No such sketch entry: %d x %d".formatted(bucket, count));
    }
    total = Math.addExact(total, count);
    int at = Arrays.binarySearch(buckets, 0, used, bucket);
    if (at >= 0) {
      counts[at] += count;
    } else {
      insert(-at - 1, bucket, count);
    }
  }

  private void insert(int at, int bucket, long count) {
    if (used == buckets.length) {
      int room = Math.max(4, used + used / 2);
      buckets = Arrays.copyOf(buckets, room);
      counts = Arrays.copyOf(counts, room);
    }
    System.arraycopy(buckets, at, buckets, at + 1, used - at);
    System.arraycopy(counts, at, counts, at + 1, used - at);
    buckets[at] = bucket;
    counts[at] = count;
    used++;
  }

  /** Adds everything that {@code other} has counted. */
  public void merge(Sketch other) {
    other.forEach(this::addCount);
  }

  /** Forgets every value. */
  void clear() {
    used = 0;
    total = 0;
  }

  /** How many values were counted. */
  public long count() {
    return total;
  }

  /** The nearest-rank percentile (1 to 100): the value at rank ceil(percent / 100 * count). */
  public OptionalLong percentile(int percent) {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException("A percentile is from 1 to 100, not " + percent);
    }
    return total == 0
        ? OptionalLong.empty()
        : OptionalLong.of(atRank((Math.multiplyExact(total, percent) + 99) / 100));
  }

  /** The value that {@code rank} - 1 others are not above: the middle of its bucket. */
  public long atRank(long rank) {
    if (rank < 1 || rank > total) {
      throw new IllegalArgumentException("No rank %d among %d values".formatted(rank, total));
    }
    int place = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[place]) {
      place++;
    }
    return middleOf(buckets[place]);
  }

  /** Every bucket that has a count, in ascending order. */
  public void forEach(BucketConsumer to) {
    for (int i = 0; i < used; i++) {
      to.accept(buckets[i], counts[i]);
    }
  }
}
