package org.mor.throughput.spark;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.mor.throughput.archive.PartReader;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** The stored rows, each month read in parts by tasks of its own; tasks merge what they read. */
final class SparkRows implements RowSource {
  /** Attempts to read a month that another process writes to. */
  private static final int TRIES = 5;

  private final JavaSparkContext context;
  private final Worker worker;
  private final RowArchive rows;
  private final long bytesPerTask;
  private final Map<RowKind, SortedMap<Month, ObjectInfo>> listed;

  SparkRows(JavaSparkContext context, Worker worker, RowArchive rows, long bytesPerTask) {
    this.context = context;
    this.worker = worker;
    this.rows = rows;
    this.bytesPerTask = bytesPerTask;
    this.listed = list();
  }

  private Map<RowKind, SortedMap<Month, ObjectInfo>> list() {
    Map<RowKind, SortedMap<Month, ObjectInfo>> partitions = new EnumMap<>(RowKind.class);
    for (RowKind kind : RowKind.values()) {
      partitions.put(kind, rows.partitions(kind));
    }
    return partitions;
  }

  @Override
  public SortedSet<Month> months() {
    return rows.months();
  }

  @Override
  public void opens(Month month, Consumer<OpenFacts> to) {
    rows.forEachOpenFacts(month, to);
  }

  @Override
  public void closes(Month month, Consumer<CloseFacts> to) {
    rows.forEachCloseFacts(month, to);
  }

  /**
   * {@inheritDoc}
   *
   * @param rules are made anew of the configuration where a part is read
   * @throws StoreConflictException when others wrote to the month each time it was read
   */
  @Override
  public MonthPart part(Month month, MetricRules rules, AsOf asOf) {
    Map<RowKind, SortedMap<Month, ObjectInfo>> partitions = listed;
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      PartTask.Read read = read(month, asOf, partitions);
      if (read.isListed()) {
        return read.part();
      }
      partitions = list();
    }
    throw new StoreConflictException(
        "Reading the month %s in parts: another process wrote to it each of %d times. next: run rollup again"
            .formatted(month, TRIES));
  }

  private PartTask.Read read(
      Month month, AsOf asOf, Map<RowKind, SortedMap<Month, ObjectInfo>> partitions) {
    Map<RowKind, String> versions = new HashMap<>();
    Map<RowKind, Set<Hash32>> leftOut = new HashMap<>();
    long bytes = 0;
    for (RowKind kind : RowKind.values()) {
      ObjectInfo partition = Objects.requireNonNull(partitions.get(kind)).get(month);
      bytes += partition == null ? 0 : partition.size();
      versions.put(kind, partition == null ? PartReader.ABSENT : partition.version().token());
      leftOut.put(kind, Set.copyOf(rows.superseded(kind, month)));
    }
    int parts = (int) Math.min(10_000, bytes / bytesPerTask + 1);
    List<Integer> indexes = IntStream.range(0, parts).boxed().toList();
    PartTask task = new PartTask(worker, month, asOf, parts, versions, leftOut);
    return Failures.unwrapped(
        () -> context.parallelize(indexes, parts).map(task).treeReduce(PartTask.Read::and));
  }
}
