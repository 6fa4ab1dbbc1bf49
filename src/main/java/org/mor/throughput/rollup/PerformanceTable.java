package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of amounts and two sketches, in columns. Rows are read in order with a {@link Cursor}.
 *
 * @param amounts one column an amount, in the order of {@link PerformanceAmount}
 * @param tps the rows' sketches of thousandths of tokens a second, as {@link SketchCodes}
 * @param ttft the rows' sketches of milliseconds, likewise
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record PerformanceTable(long[][] amounts, int[] tps, int[] ttft) implements Serializable {
  public PerformanceTable {
    long rows = amounts.length == 0 ? -1 : amounts[0].length;
    if (amounts.length != PerformanceAmount.values().length
        || !Arrays.stream(amounts).allMatch(column -> column.length == rows)) {
      throw new IllegalArgumentException(
          "Columns of a table differ: %s"
              .formatted(
                  Arrays.toString(Arrays.stream(amounts).mapToInt(c -> c.length).toArray())));
    }
  }

  public int rows() {
    return amounts[0].length;
  }

  @SuppressWarnings("EnumOrdinal") // the place of a column in memory
  public long[] column(PerformanceAmount amount) {
    return amounts[amount.ordinal()];
  }

  public long at(PerformanceAmount amount, int row) {
    return column(amount)[row];
  }

  /** Goes from row to row; a row's sketches begin where those of the row before end. */
  public Cursor cursor() {
    return new Cursor();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PerformanceTable table
        && Arrays.deepEquals(amounts, table.amounts)
        && Arrays.equals(tps, table.tps)
        && Arrays.equals(ttft, table.ttft);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(amounts);
  }

  @Override
  public String toString() {
    return "PerformanceTable of %d rows".formatted(rows());
  }

  /** The next row of the table. */
  public final class Cursor {
    private int row = -1;
    private int nextTps;
    private int nextTtft;

    private Cursor() {}

    /** The next row alone. */
    public PerformanceSum next() {
      PerformanceSum sum = new PerformanceSum();
      next(sum);
      return sum;
    }

    /** Adds the next row to {@code sum}, or passes over it where that is null. */
    public void next(@Nullable PerformanceSum sum) {
      row++;
      Sketch.BucketConsumer nowhere = (bucket, count) -> {};
      nextTps =
          SketchCodes.read(
              tps,
              nextTps,
              at(PerformanceAmount.TPS_SAMPLES, row),
              sum == null ? nowhere : sum.tps()::addCount);
      nextTtft =
          SketchCodes.read(
              ttft,
              nextTtft,
              at(PerformanceAmount.TTFT_SAMPLES, row),
              sum == null ? nowhere : sum.ttft()::addCount);
      if (sum != null) {
        sum.addAmounts(PerformanceTable.this, row);
      }
    }
  }

  /** Writes sums into the columns of a table, row after row. */
  static final class Builder {
    private final long[][] amounts = new long[PerformanceAmount.values().length][64];
    private final IntStream.Builder tps = IntStream.builder();
    private final IntStream.Builder ttft = IntStream.builder();
    private int rows;

    void add(PerformanceSum sum) {
      if (rows == amounts[0].length) {
        Arrays.setAll(amounts, i -> Arrays.copyOf(amounts[i], 2 * rows));
      }
      sum.copyTo(amounts, rows);
      SketchCodes.append(tps, sum.tps());
      SketchCodes.append(ttft, sum.ttft());
      rows++;
    }

    PerformanceTable build() {
      Arrays.setAll(amounts, i -> Arrays.copyOf(amounts[i], rows));
      return new PerformanceTable(amounts, tps.build().toArray(), ttft.build().toArray());
    }
  }
}
