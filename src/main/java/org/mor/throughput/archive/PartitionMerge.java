package org.mor.throughput.archive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.archive.CommitLoop.Outcome;
import org.mor.throughput.archive.RowArchive.RowLossException;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Merges rows into one partition and commits it, without ever holding the partition's rows. */
final class PartitionMerge<R extends SessionRow> {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionMerge.class);

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
    byte[] body = stored.map(StoredObject::body).orElse(null);
    RowMerge<R> merge = new RowMerge<>(codec).addAll(incoming);
    StoredRows before = look(body, merge);
    Change change = before.change();
    tries.add(change);
    if (change.isNone()) {
      return new Decision<>(change, null);
    }
    if (!before.ordered && body != null) {
      file.read(body, row -> merge.add(codec.stored(row, privacy)));
    }
    byte[] after = join(body, merge);
    requireEveryRow(before.ids, after);
    return new Decision<>(change, after);
  }

  /** What one reading of the stored rows tells; not the rows, which may be more than memory has. */
  private final class StoredRows {
    private final IdSet ids = new IdSet();
    private long added = incoming.size();
    private long changed;
    private boolean ordered = true;
    private @Nullable R last;

    Change change() {
      return new Change(added, changed, 0);
    }

    void accept(R row, RowMerge<R> merge) {
      ids.add(row.sessionId());
      ordered &= last == null || RowMerge.FILE_ORDER.compare(last, row) < 0;
      last = row;
      R after = codec.stored(row, privacy);
      if (merge.row(row.sessionId()) != null) {
        added--;
        after = merge.add(after);
      }
      changed += after.equals(row) ? 0 : 1;
    }
  }

  private StoredRows look(byte @Nullable [] body, RowMerge<R> merge) {
    StoredRows rows = new StoredRows();
    if (body != null) {
      file.read(body, row -> rows.accept(row, merge));
    }
    return rows;
  }

  /** Writes the stored rows and the merged ones, which stand for the stored ones they hold. */
  private byte[] join(byte @Nullable [] body, RowMerge<R> merge) {
    Deque<R> merged = new ArrayDeque<>(merge.sorted());
    try (PartitionWriter<R> out = file.writer(body == null ? 0 : body.length)) {
      if (body != null) {
        file.read(
            body,
            row -> {
              if (merge.row(row.sessionId()) == null) {
                while (!merged.isEmpty() && RowMerge.FILE_ORDER.compare(merged.peek(), row) < 0) {
                  out.add(merged.remove());
                }
                out.add(codec.stored(row, privacy));
              }
            });
      }
      merged.forEach(out::add);
      if (out.isHalfFull()) {
        LOG.warn(
            "{} is more than half full: a month holds {} MiB of rows, and a run that finds more ends with an error. Plan for more memory and a higher GzipInput.MAX_INFLATED",
            file.key(),
            GzipInput.MAX_INFLATED >> 20);
      }
      return out.finish();
    }
  }

  /** Looks into the very bytes that are about to be written. */
  void requireEveryRow(IdSet before, byte[] after) {
    long[] kept = new long[1];
    file.read(after, row -> kept[0] += before.contains(row.sessionId()) ? 1 : 0);
    if (kept[0] != before.size()) {
      throw new RowLossException(
          "Merging into %s: the write would drop %d of %d stored sessions; nothing was written. Please report this."
              .formatted(file.key(), before.size() - kept[0], before.size()));
    }
  }
}
