package org.mor.throughput.spark;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.ArchiveRows;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** The stored rows, each month read in parts by tasks of its own; tasks merge what they read. */
final class SparkRows implements RowSource {
  /** A month that another process writes to is read again so often. */
  private static final int TRIES = 5;

  private final JavaSparkContext context;
  private final Worker worker;
  private final ArchiveRows rows;
  private final long bytesPerTask;
  private final SortedMap<Month, Long> bytes = new TreeMap<>();

  SparkRows(JavaSparkContext context, Worker worker, RowArchive rows, long bytesPerTask) {
    this.context = context;
    this.worker = worker;
    this.rows = new ArchiveRows(rows);
    this.bytesPerTask = bytesPerTask;
    for (RowKind kind : List.of(RowKind.OPENS, RowKind.CLOSES)) {
      rows.partitions(kind)
          .forEach((month, object) -> bytes.merge(month, object.size(), Long::sum));
    }
  }

  @Override
  public SortedSet<Month> months() {
    return rows.months();
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    rows.opens(month, to);
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    rows.closes(month, to);
  }

  /**
   * {@inheritDoc}
   *
   * @param rules are made anew of the configuration where a part is read
   * @throws StoreConflictException when others wrote to the month each time it was read
   */
  @Override
  public MonthPart part(Month month, MetricRules rules, AsOf asOf) {
    int parts = (int) Math.min(10_000, bytes.getOrDefault(month, 0L) / bytesPerTask + 1);
    List<Integer> indexes = IntStream.range(0, parts).boxed().toList();
    PartTask task = new PartTask(worker, month, asOf, parts);
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      PartTask.Read read =
          Failures.unwrapped(
              () -> context.parallelize(indexes, parts).map(task).treeReduce(PartTask.Read::and));
      if (read.isOfOneVersion()) {
        return read.part();
      }
    }
    throw new StoreConflictException(
        "Reading the month %s in %d parts: another process wrote to it each of %d times. next: run rollup again"
            .formatted(month, parts, TRIES));
  }
}
