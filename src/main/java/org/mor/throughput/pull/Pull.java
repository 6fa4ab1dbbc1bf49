package org.mor.throughput.pull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.PartitionCheck;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * Copies rows and state into another store while the first one may be written to.
 *
 * <p>State says what rows there are, and is written after them. So it is read before them, the last
 * written first, and put in place behind them in the order of writing: whenever the reading or the
 * copying is interrupted, the copy has every row that its state speaks of, and maybe more.
 */
public final class Pull {
  /**
   * State in the order in which a run writes it: each speaks of those before it and of rows.
   * Further objects of models come before it.
   */
  static final List<ObjectKey> STATE =
      List.of(
          ModelCatalogStore.KEY,
          ProofStore.KEY,
          SuspectStore.KEY,
          CoverageStore.KEY,
          CursorStore.KEY);

  private final ObjectStore source;
  private final ObjectStore target;

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Listener {
    void reached(int partitions, int of);
  }

  private record Partition(RowKind kind, Month month, ObjectInfo object) {}

  public Pull(ObjectStore source, ObjectStore target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Copies all, or one month's rows without state.
   *
   * @return also when partitions were refused
   * @throws NotACopyException when the target holds anything but a copy of the source
   * @throws org.mor.throughput.store.StoreException when either store failed; what was copied stays
   */
  public PullReport run(Optional<Month> only, Listener listener) {
    Map<ObjectKey, byte[]> state = only.isPresent() ? Map.of() : state();
    List<Partition> partitions = partitions(only);
    if (partitions.isEmpty() && state.isEmpty()) {
      return new PullReport(List.of(), 0, 0, List.of(), List.of());
    }
    LocalCopy copy = LocalCopy.open(target, source.location());
    List<ObjectKey> fetched = new ArrayList<>();
    List<CorruptObjectException> refused = new ArrayList<>(StateCheck.faults(state));
    long rows = 0;
    int done = 0;
    for (Partition partition : partitions) {
      if (!copy.has(partition.object)) {
        try {
          rows += fetch(partition, copy);
          fetched.add(partition.object.key());
        } catch (CorruptObjectException e) {
          refused.add(e);
        }
      }
      listener.reached(++done, partitions.size());
    }
    List<ObjectKey> written = refused.isEmpty() ? write(state, copy) : List.of();
    int unchanged = partitions.size() - fetched.size() - refused.size();
    return new PullReport(fetched, rows, unchanged, refused, written);
  }

  /** The last written first. */
  private Map<ObjectKey, byte[]> state() {
    Map<ObjectKey, byte[]> state = new LinkedHashMap<>();
    List<ObjectKey> keys = new ArrayList<>(source.keys(ModelCatalogStore.PARTS));
    keys.addAll(STATE);
    for (int i = keys.size() - 1; i >= 0; i--) {
      ObjectKey key = keys.get(i);
      source.find(key).ifPresent(object -> state.put(key, object.body()));
    }
    return state;
  }

  private List<Partition> partitions(Optional<Month> only) {
    List<Partition> partitions = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      for (ObjectInfo object : source.list(kind.prefix())) {
        kind.month(object.key())
            .filter(month -> only.isEmpty() || only.get().equals(month))
            .ifPresent(month -> partitions.add(new Partition(kind, month, object)));
      }
    }
    return partitions;
  }

  private long fetch(Partition partition, LocalCopy copy) {
    ObjectKey key = partition.object.key();
    StoredObject fetched =
        source
            .find(key)
            .orElseThrow(
                () ->
                    new CorruptObjectException(
                        "Reading %s: it was listed, but is not there. Restore it.".formatted(key)));
    long rows = PartitionCheck.rows(partition.kind, partition.month, fetched.body());
    copy.put(key, fetched);
    return rows;
  }

  /** The first written first. */
  private static List<ObjectKey> write(Map<ObjectKey, byte[]> state, LocalCopy copy) {
    List<ObjectKey> written = new ArrayList<>(state.keySet());
    Collections.reverse(written);
    written.forEach(key -> copy.putState(key, state.getOrDefault(key, new byte[0])));
    return written;
  }
}
