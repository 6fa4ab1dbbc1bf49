package org.mor.throughput.spark;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.api.java.function.Function;
import org.mor.throughput.archive.Part;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.ArchiveRows;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.session.Month;

/** Reads one part of a month; runs on any machine that reaches the store. */
record PartTask(Worker worker, Month month, AsOf asOf, int parts)
    implements Function<Integer, PartTask.Read> {
  /**
   * What was read of a month.
   *
   * @param versions of its two partitions: more than two where parts do not fit together
   */
  record Read(MonthPart part, Set<String> versions) implements Serializable {
    Read and(Read other) {
      Set<String> both = new HashSet<>(versions);
      both.addAll(other.versions);
      return new Read(part.merge(other.part), both);
    }

    boolean isOfOneVersion() {
      return versions.size() == RowKind.values().length;
    }
  }

  @Override
  public Read call(Integer index) {
    Worker.Opened store = worker.open();
    Set<String> versions = new HashSet<>();
    ArchiveRows rows =
        new ArchiveRows(
            store.rows(),
            new Part(index, parts),
            (kind, version) -> versions.add(kind + " " + version));
    return new Read(rows.part(month, store.rules(), asOf), versions);
  }
}
