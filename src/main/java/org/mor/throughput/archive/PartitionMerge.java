package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.archive.CommitLoop.Outcome;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.StoredObject;

/** Merges rows into one partition and commits it. */
final class PartitionMerge<R extends SessionRow> {
  /** What a merge changes in the stored partition. */
  record Change(long added, long changed, int conflicts) {
    static final Change NONE = new Change(0, 0, 0);

    Change plus(Change other) {
      return new Change(added + other.added, changed + other.changed, conflicts + other.conflicts);
    }

    boolean isNone() {
      return added == 0 && changed == 0;
    }
  }

  private final RowCodec<R> codec;
  private final UserPrivacy privacy;
  private final PartitionFile<R> file;
  private final Collection<R> incoming;
  private final List<Change> tries = new ArrayList<>();

  /**
   * @param incoming rows of the month, as they may be kept
   */
  PartitionMerge(RowCodec<R> codec, UserPrivacy privacy, Month month, Collection<R> incoming) {
    this.codec = codec;
    this.privacy = privacy;
    this.file = new PartitionFile<>(codec, month);
    this.incoming = incoming;
  }

  /** The change against what was stored at first; a write that is done again counts once. */
  Change commit(CommitLoop commits) {
    Outcome<Change> outcome =
        commits.commit(file.key(), ObjectAttributes.PRIVATE_GZIP, this::decide);
    Change first = tries.get(0);
    return new Change(first.added, first.changed, outcome.conflicts());
  }

  private Decision<Change> decide(Optional<StoredObject> stored) {
    RowMerge<R> merge = new RowMerge<>(codec);
    List<R> before = new ArrayList<>();
    stored.ifPresent(
        object ->
            file.read(
                object.body(),
                row -> {
                  before.add(row);
                  merge.add(codec.stored(row, privacy));
                }));
    merge.addAll(incoming);
    List<R> after = merge.sorted();
    long changed = before.stream().filter(row -> !row.equals(merge.row(row.sessionId()))).count();
    Change change = new Change(after.size() - before.size(), changed, 0);
    tries.add(change);
    if (change.isNone()) {
      return new Decision<>(change, null);
    }
    byte[] body = file.encode(after);
    requireEveryRow(before, body);
    return new Decision<>(change, body);
  }

  /** Looks into the very bytes that are about to be written. */
  private void requireEveryRow(List<R> before, byte[] body) {
    Set<Hash32> missing = new HashSet<>();
    before.forEach(row -> missing.add(row.sessionId()));
    file.read(body, row -> missing.remove(row.sessionId()));
    if (!missing.isEmpty()) {
      throw new RowLossException(
          "Merging into %s: the write would drop %d of %d stored sessions, such as %s; nothing was written. Please report this."
              .formatted(file.key(), missing.size(), before.size(), missing.iterator().next()));
    }
  }
}
