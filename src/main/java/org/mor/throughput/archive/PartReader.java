package org.mor.throughput.archive;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * Reads one of several parts of a month, about equal in bytes. The parts of one version of a
 * partition hold each of its rows once. For one reading.
 */
public final class PartReader {
  /** The version of a partition that is not there. */
  public static final String ABSENT = "none";

  private final ObjectStore store;
  private final UserPrivacy privacy;
  private final int index;
  private final int parts;
  private final Map<RowKind, Set<Hash32>> leftOut;
  private final Map<RowKind, String> versions = new EnumMap<>(RowKind.class);
  private final Map<RowKind, Set<Hash32>> doubtful = new EnumMap<>(RowKind.class);

  /**
   * @param index of the part, from 0 on
   * @param leftOut sessions that do not count in the month, see {@link RowArchive#superseded}
   */
  public PartReader(
      ObjectStore store,
      UserPrivacy privacy,
      int index,
      int parts,
      Map<RowKind, Set<Hash32>> leftOut) {
    this.store = store;
    this.privacy = privacy;
    this.index = Objects.checkIndex(index, parts);
    this.parts = parts;
    this.leftOut = leftOut;
  }

  /** Gives what the metrics need of the part's opens, without those that do not count. */
  public void opens(Month month, Consumer<OpenFacts> to) {
    read(RowCodec.OPEN_FACTS, month, row -> to.accept(row.facts()));
  }

  /** Gives what the metrics need of the part's closes, without those that do not count. */
  public void closes(Month month, Consumer<CloseFacts> to) {
    read(RowCodec.CLOSE_FACTS, month, row -> to.accept(row.facts()));
  }

  /** Which versions of the partitions were read. */
  public Map<RowKind, String> versions() {
    return versions;
  }

  /**
   * The sessions of the part that may also stand in another one, going by what all members say of
   * their ids: hardly any. A session that two parts name stands twice.
   */
  public Map<RowKind, Set<Hash32>> doubtful() {
    return doubtful;
  }

  /** What is wrong where a session stands twice. */
  public static CorruptObjectException twice(RowKind kind, Month month, Hash32 session) {
    return new CorruptObjectException(
        "Reading %s: session %s is there twice. It was not written over; restore an older version of it."
            .formatted(kind.key(month), session));
  }

  private <R extends SessionRow> void read(
      RowCodec<R> codec, Month month, Consumer<? super R> rows) {
    PartitionFile<R> file = new PartitionFile<>(codec, month);
    Optional<StoredObject> stored = store.find(file.key());
    versions.put(codec.kind(), stored.map(object -> object.version().token()).orElse(ABSENT));
    byte[] body = stored.map(StoredObject::body).orElse(new byte[0]);
    List<Member> members = Member.list(body);
    Set<Integer> repeated = Member.repeated(members);
    Set<Hash32> named = doubtful.computeIfAbsent(codec.kind(), kind -> new HashSet<>());
    Set<Hash32> left = leftOut.getOrDefault(codec.kind(), Set.of());
    for (Member member : members) {
      if ((long) member.from * parts / body.length == index) {
        file.read(
            member.bytes(body),
            row -> {
              Hash32 id = row.sessionId();
              if (repeated.contains(Member.prefix(id)) && !named.add(id)) {
                throw twice(codec.kind(), month, id);
              }
              if (!row.retracted() && !left.contains(id)) {
                rows.accept(codec.stored(row, privacy));
              }
            });
      }
    }
  }
}
