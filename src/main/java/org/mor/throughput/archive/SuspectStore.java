package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps the rows that the chain may no longer have at {@code state/suspects.json}. */
public final class SuspectStore {
  public static final ObjectKey KEY = new ObjectKey("state/suspects.json");

  /** More than these are only known to be more: the list never grows past what can be read. */
  static final int MOST = 2_000;

  private static final Comparator<Suspect> ORDER =
      Comparator.comparingLong(Suspect::block)
          .thenComparing(Suspect::kind)
          .thenComparing(Suspect::sessionId)
          .thenComparing(Suspect::month);

  private final ObjectStore store;
  private final CommitLoop commits;

  public SuspectStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * The suspects in order of their blocks.
   *
   * @param hasMore whether there were more than are named
   */
  public record Known(List<Suspect> rows, boolean hasMore) {
    public static final Known NONE = new Known(List.of(), false);

    public Known {
      rows = List.copyOf(rows);
    }

    /** The sessions of a month that do not count there. */
    public Set<Hash32> superseded(RowKind kind, Month month) {
      return superseded(row -> row.kind() == kind && row.month().equals(month))
          .map(Suspect::sessionId)
          .collect(Collectors.toSet());
    }

    /** The months in which some session does not count. */
    public Set<Month> monthsWithSuperseded() {
      return superseded(row -> true).map(Suspect::month).collect(Collectors.toSet());
    }

    private Stream<Suspect> superseded(Predicate<Suspect> also) {
      return rows.stream().filter(row -> row.why() == Suspect.Why.SUPERSEDED).filter(also);
    }
  }

  /**
   * What is stored; {@link Known#NONE} when nothing is.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Known find() {
    return store.find(KEY).map(stored -> SuspectCodec.decode(stored.body())).orElse(Known.NONE);
  }

  /**
   * Takes rows off the list and puts others on it; nothing is written when that changes nothing.
   *
   * @return the list as it is stored now
   */
  public Known update(Collection<Suspect> settled, Collection<Suspect> found) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Known before =
                  stored.map(object -> SuspectCodec.decode(object.body())).orElse(Known.NONE);
              Known after = changed(before, settled, found);
              return new Decision<>(
                  after, after.equals(before) ? null : SuspectCodec.encode(after));
            })
        .result();
  }

  private static Known changed(
      Known before, Collection<Suspect> settled, Collection<Suspect> found) {
    List<Suspect> rows = new ArrayList<>(before.rows());
    rows.removeIf(row -> settled.stream().anyMatch(row::isSameRow));
    rows.removeIf(row -> found.stream().anyMatch(row::isSameRow));
    rows.addAll(found);
    rows.sort(ORDER);
    boolean tooMany = rows.size() > MOST;
    // Once the list is empty, all that were too many have been looked at again or are found anew.
    return new Known(
        tooMany ? rows.subList(0, MOST) : rows, tooMany || (before.hasMore() && !rows.isEmpty()));
  }
}
