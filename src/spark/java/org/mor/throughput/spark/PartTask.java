package org.mor.throughput.spark;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.Function;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowArchive.Part;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/** Reads one part of a month; runs on any machine that reaches the store. */
record PartTask(Worker worker, Month month, AsOf asOf, int parts)
    implements Function<Integer, PartTask.Read> {
  /**
   * What was read of a month.
   *
   * @param opens the versions of its partition of opens: more than one where parts do not fit
   *     together; closes likewise
   */
  record Read(MonthPart part, Set<String> opens, Set<String> closes) implements Serializable {
    Read and(Read other) {
      return new Read(part.merge(other.part), both(opens, other.opens), both(closes, other.closes));
    }

    boolean isOfOneVersion() {
      return opens.size() == 1 && closes.size() == 1;
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
      Set<String> both = new HashSet<>(one);
      both.addAll(other);
      return both;
    }
  }

  @Override
  public Read call(Integer index) {
    Worker.Opened store = worker.open();
    Rows rows = new Rows(store.rows(), new Part(index, parts), new HashSet<>(), new HashSet<>());
    MonthPart part = rows.part(month, store.rules(), asOf);
    return new Read(part, rows.openVersions, rows.closeVersions);
  }

  /** The rows of one part, and of which versions they are. */
  private record Rows(
      RowArchive archive, Part wanted, Set<String> openVersions, Set<String> closeVersions)
      implements RowSource {
    @Override
    public SortedSet<Month> months() {
      return new TreeSet<>(archive.months());
    }

    @Override
    public void opens(Month month, Consumer<OpenFacts> to) {
      openVersions.add(token(archive.forEachOpenFacts(month, wanted, to)));
    }

    @Override
    public void closes(Month month, Consumer<CloseFacts> to) {
      closeVersions.add(token(archive.forEachCloseFacts(month, wanted, to)));
    }

    private static String token(Optional<ObjectVersion> version) {
      return version.map(ObjectVersion::token).orElse("none");
    }
  }
}
