package org.mor.throughput.spark;

import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.Function;
import org.mor.throughput.archive.PartReader;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.StoreException.StoreRefusedException;

/**
 * Reads one part of a month; runs on any machine that reaches the store.
 *
 * @param versions of the month's partitions as they were listed
 * @param leftOut the sessions that do not count in the month
 */
record PartTask(
    Worker worker,
    Month month,
    AsOf asOf,
    int parts,
    Map<RowKind, String> versions,
    Map<RowKind, Set<Hash32>> leftOut)
    implements Function<Integer, PartTask.Read> {
  /**
   * What was read of a month.
   *
   * @param doubtful sessions that may stand in another part too
   * @param isListed whether all of it is of the versions that were listed
   */
  record Read(Month month, MonthPart part, Map<RowKind, Set<Hash32>> doubtful, boolean isListed)
      implements Serializable {
    Read and(Read other) {
      Map<RowKind, Set<Hash32>> both = new HashMap<>();
      for (RowKind kind : RowKind.values()) {
        Set<Hash32> sessions = new HashSet<>(doubtful.getOrDefault(kind, Set.of()));
        for (Hash32 session : other.doubtful.getOrDefault(kind, Set.of())) {
          // Between two versions a row may have moved from one part to the other.
          if (!sessions.add(session) && isListed && other.isListed) {
            throw PartReader.twice(kind, month, session);
          }
        }
        both.put(kind, sessions);
      }
      return new Read(month, part.merge(other.part), both, isListed && other.isListed);
    }
  }

  @Override
  public Read call(Integer index) {
    Worker.Opened opened = worker.open();
    PartReader reader = new PartReader(opened.store(), opened.privacy(), index, parts, leftOut);
    MonthPart part = new Rows(reader).part(month, opened.rules(), asOf);
    for (RowKind kind : RowKind.values()) {
      boolean isThere = !PartReader.ABSENT.equals(reader.versions().get(kind));
      if (!isThere && !PartReader.ABSENT.equals(versions.get(kind))) {
        throw new StoreRefusedException(
            "Reading %s in a task: the task sees none in %s, but the command listed it. next: use a store that every executor reaches, such as s3://"
                .formatted(kind.key(month), opened.store().location()));
      }
    }
    return new Read(month, part, reader.doubtful(), reader.versions().equals(versions));
  }

  private record Rows(PartReader reader) implements RowSource {
    @Override
    public SortedSet<Month> months() {
      return new TreeSet<>();
    }

    @Override
    public void opens(Month month, Consumer<OpenFacts> to) {
      reader.opens(month, to);
    }

    @Override
    public void closes(Month month, Consumer<CloseFacts> to) {
      reader.closes(month, to);
    }
  }
}
