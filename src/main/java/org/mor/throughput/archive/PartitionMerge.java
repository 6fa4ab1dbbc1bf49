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
    byte[] body = stored.map(StoredObject::body).orElse(new byte[0]);
    List<Part> parts = parts(Member.list(body));
    RowMerge<R> merge = new RowMerge<>(codec).addAll(incoming);
    StoredRows before = new StoredRows();
    for (Part part : parts) {
      if (part.isTouched) {
        file.read(part.member.bytes(body), row -> before.accept(row, merge));
      }
    }
    Change change = before.change();
    tries.add(change);
    if (change.isNone()) {
      return new Decision<>(change, null);
    }
    if (!before.ordered) {
      parts = List.of();
      file.read(
          body,
          row -> {
            before.ids.add(row.sessionId());
            merge.add(codec.stored(row, privacy));
          });
    }
    byte[] after = join(body, parts, merge);
    requireEveryRow(before.ids, body, parts, after);
    return new Decision<>(change, after);
  }

  /**
   * A member of the stored partition.
   *
   * @param isTouched whether it is read and written anew; otherwise it is copied
   */
  private record Part(Member member, boolean isTouched) {}

  /** A member is touched that may hold an incoming session, or the place of an incoming row. */
  private List<Part> parts(List<Member> members) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      long first = i == 0 ? 0 : member.firstBlock;
      long last =
          i == members.size() - 1
              ? Long.MAX_VALUE
              : Math.max(member.lastBlock, members.get(i + 1).firstBlock - 1);
      boolean isTouched = privacy.isKeyed() && !member.keyed;
      for (R row : incoming) {
        long block = row.position().block();
        isTouched |= (block >= first && block <= last) || member.mayHold(row.sessionId());
      }
      parts.add(new Part(member, isTouched));
    }
    return parts;
  }

  /** What a reading of the stored rows tells; not the rows, which may be more than memory has. */
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

  /** Writes the stored rows and the merged ones, which stand for the stored ones they hold. */
  private byte[] join(byte[] body, List<Part> parts, RowMerge<R> merge) {
    Deque<R> merged = new ArrayDeque<>(merge.sorted());
    try (PartitionFile.Writer<R> out = file.writer(body.length, privacy.isKeyed())) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        if (part.isTouched) {
          long[] left = {part.member.rows + rowsBehind(parts, i)};
          file.read(
              part.member.bytes(body),
              row -> {
                left[0]--;
                if (merge.row(row.sessionId()) == null) {
                  while (!merged.isEmpty() && RowMerge.FILE_ORDER.compare(merged.peek(), row) < 0) {
                    out.add(merged.remove(), left[0] + merged.size());
                  }
                  out.add(codec.stored(row, privacy), left[0] + merged.size());
                }
              });
        } else {
          while (!merged.isEmpty() && merged.peek().position().block() < part.member.firstBlock) {
            out.add(merged.remove(), 0);
          }
          out.copy(body, part.member);
        }
      }
      while (!merged.isEmpty()) {
        out.add(merged.remove(), merged.size());
      }
      if (out.isHalfFull()) {
        LOG.warn(
            "{} is more than half full: a month holds {} MiB of rows, and a run that finds more ends with an error. Plan for more memory and a higher GzipInput.MAX_INFLATED",
            file.key(),
            GzipInput.MAX_INFLATED >> 20);
      }
      return out.finish();
    }
  }

  /** How many rows follow a touched part up to the next that is copied. */
  private static long rowsBehind(List<Part> parts, int index) {
    long rows = 0;
    for (int i = index + 1; i < parts.size() && parts.get(i).isTouched; i++) {
      rows += parts.get(i).member.rows;
    }
    return rows;
  }

  /** Looks into the very bytes that are about to be written. */
  void requireEveryRow(IdSet before, byte[] body, List<Part> parts, byte[] after) {
    Deque<Member> copied = new ArrayDeque<>();
    parts.stream().filter(part -> !part.isTouched).forEach(part -> copied.add(part.member));
    long[] kept = new long[1];
    for (Member now : Member.list(after)) {
      if (!copied.isEmpty() && now.equals(after, copied.peek(), body)) {
        copied.remove();
      } else {
        file.read(now.bytes(after), row -> kept[0] += before.contains(row.sessionId()) ? 1 : 0);
      }
    }
    if (kept[0] != before.size() || !copied.isEmpty()) {
      throw new RowLossException(
          "Merging into %s: the write would drop %d of %d stored sessions; nothing was written. Please report this."
              .formatted(
                  file.key(),
                  before.size() - kept[0] + copied.stream().mapToLong(member -> member.rows).sum(),
                  before.size()));
    }
  }
}
