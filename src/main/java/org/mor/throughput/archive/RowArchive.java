package org.mor.throughput.archive;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rows ever indexed, in one partition a month and kind. Rows are merged in and never leave.
 * Several threads and several processes may read and merge at the same time.
 */
public final class RowArchive {
  private static final Logger LOG = LoggerFactory.getLogger(RowArchive.class);

  private final ObjectStore store;
  private final UserPrivacy privacy;
  private final CommitLoop commits;
  private final BiFunction<RowKind, Month, Set<Hash32>> superseded;

  /**
   * @param privacy how users are written; plain users of older rows change with the next merge of
   *     their month, and read as changed at once
   */
  public RowArchive(ObjectStore store, UserPrivacy privacy, Patience retry) {
    this(store, privacy, retry, (kind, month) -> Set.of());
  }

  /**
   * The same without some rows.
   *
   * @param superseded the sessions of a month that do not count there, because a later reading of
   *     them stands in another month; asked once a reading
   */
  public RowArchive(
      ObjectStore store,
      UserPrivacy privacy,
      Patience retry,
      BiFunction<RowKind, Month, Set<Hash32>> superseded) {
    this.store = store;
    this.privacy = privacy;
    this.commits = new CommitLoop(store, retry);
    this.superseded = superseded;
  }

  /**
   * Makes rows durable: on return each is stored, or a newer row of its session is. Merging the
   * same rows again writes nothing. When it throws, some months may be written and others not;
   * merging again completes them.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when a touched partition cannot be read
   * @throws org.mor.throughput.store.StoreException when the store failed or others kept writing
   * @throws RowLossException when a write would have dropped a row
   */
  public MergeReport merge(
      Collection<? extends OpenRow> opens, Collection<? extends CloseRow> closes) {
    SortedSet<Month> written = new TreeSet<>();
    PartitionMerge.Change open = merge(RowCodec.OPENS, opens, written);
    PartitionMerge.Change close = merge(RowCodec.CLOSES, closes, written);
    return new MergeReport(
        open.added(),
        open.changed(),
        close.added(),
        close.changed(),
        written,
        open.conflicts() + close.conflicts());
  }

  /** The partitions there are, by month. What is none is reported in the log and left alone. */
  public SortedMap<Month, ObjectInfo> partitions(RowKind kind) {
    SortedMap<Month, ObjectInfo> partitions = new TreeMap<>();
    for (ObjectInfo object : store.list(kind.prefix())) {
      Optional<Month> month = kind.month(object.key());
      if (month.isPresent()) {
        partitions.put(month.get(), object);
      } else {
        LOG.warn(
            "{} in {} is no partition and is ignored; its name should be like {}",
            object.key(),
            store.location(),
            kind.key(Month.of(0)));
      }
    }
    return partitions;
  }

  /** The months that have a partition of either kind: one listing for both. */
  public NavigableSet<Month> months() {
    NavigableSet<Month> months = new TreeSet<>();
    for (ObjectKey key : store.keys(RowKind.ROOT)) {
      RowKind.OPENS.month(key).or(() -> RowKind.CLOSES.month(key)).ifPresent(months::add);
    }
    return months;
  }

  /** The months that have a partition of a kind. */
  public Set<Month> months(RowKind kind) {
    Set<Month> months = new TreeSet<>();
    store.keys(kind.prefix()).forEach(key -> kind.month(key).ifPresent(months::add));
    return months;
  }

  /**
   * Gives the opens of a month to {@code rows}, in the order of the file, without holding them and
   * without those that were retracted or superseded. An absent month has none. What was given
   * before an exception must not be used.
   *
   * @return the version that was read; empty when the month is absent
   * @throws org.mor.throughput.store.CorruptObjectException when the partition cannot be read whole
   */
  public Optional<ObjectVersion> forEachOpen(Month month, Consumer<? super OpenRow> rows) {
    return forEach(RowCodec.OPENS, month, rows);
  }

  /** Gives the closes of a month to {@code rows}, as {@link #forEachOpen} does with opens. */
  public Optional<ObjectVersion> forEachClose(Month month, Consumer<? super CloseRow> rows) {
    return forEach(RowCodec.CLOSES, month, rows);
  }

  /** Gives what the metrics need of the opens of a month, faster than {@link #forEachOpen}. */
  public Optional<ObjectVersion> forEachOpenFacts(Month month, Consumer<? super OpenFacts> facts) {
    return forEach(RowCodec.OPEN_FACTS, month, row -> facts.accept(row.facts()));
  }

  /** Gives what the metrics need of the closes of a month, faster than {@link #forEachClose}. */
  public Optional<ObjectVersion> forEachCloseFacts(
      Month month, Consumer<? super CloseFacts> facts) {
    return forEach(RowCodec.CLOSE_FACTS, month, row -> facts.accept(row.facts()));
  }

  /** The sessions of a month that do not count there; asked of what decides it now. */
  public Set<Hash32> superseded(RowKind kind, Month month) {
    return superseded.apply(kind, month);
  }

  /** How users are written in rows. */
  public UserPrivacy privacy() {
    return privacy;
  }

  /** Gives the rows of a month that were not retracted, also those that are superseded. */
  public void forEachLive(RowKind kind, Month month, Consumer<SessionRow> rows) {
    forEach(RowCodec.of(kind), month, Set.of(), rows);
  }

  /**
   * Gives at least those rows of a month that were not retracted and that stand in some blocks or
   * are of some sessions. Parts of the partition that hold neither are not read, and may be
   * damaged.
   */
  public void forEachLive(
      RowKind kind,
      Month month,
      BlockRange blocks,
      Collection<Hash32> sessions,
      Consumer<SessionRow> rows) {
    read(
        RowCodec.of(kind),
        month,
        Set.of(),
        member -> member.meets(blocks) || sessions.stream().anyMatch(member::mayHold),
        rows);
  }

  private <R extends SessionRow> Optional<ObjectVersion> forEach(
      RowCodec<R> codec, Month month, Consumer<? super R> rows) {
    return forEach(codec, month, superseded.apply(codec.kind(), month), rows);
  }

  private <R extends SessionRow> Optional<ObjectVersion> forEach(
      RowCodec<R> codec, Month month, Set<Hash32> leftOut, Consumer<? super R> rows) {
    return read(codec, month, leftOut, member -> true, rows);
  }

  private <R extends SessionRow> Optional<ObjectVersion> read(
      RowCodec<R> codec,
      Month month,
      Set<Hash32> leftOut,
      Predicate<Member> wanted,
      Consumer<? super R> rows) {
    PartitionFile<R> file = new PartitionFile<>(codec, month);
    Optional<StoredObject> stored = store.find(file.key());
    stored.ifPresent(
        object ->
            file.read(
                object.body(),
                wanted,
                row -> {
                  if (!row.retracted() && !leftOut.contains(row.sessionId())) {
                    rows.accept(codec.stored(row, privacy));
                  }
                }));
    return stored.map(StoredObject::version);
  }

  private <R extends SessionRow> PartitionMerge.Change merge(
      RowCodec<R> codec, Collection<? extends R> rows, SortedSet<Month> written) {
    SortedMap<Month, RowMerge<R>> months = new TreeMap<>();
    for (R row : rows) {
      months
          .computeIfAbsent(Month.of(row.eventTime()), month -> new RowMerge<>(codec))
          .add(codec.stored(row, privacy));
    }
    PartitionMerge.Change total = PartitionMerge.Change.NONE;
    for (var entry : months.entrySet()) {
      PartitionMerge.Change change =
          new PartitionMerge<>(codec, privacy, entry.getKey(), entry.getValue().sorted())
              .commit(commits);
      total = total.plus(change);
      if (!change.isNone()) {
        written.add(entry.getKey());
      }
    }
    return total;
  }

  /**
   * What a merge did, counted against what was stored when it began.
   *
   * @param opensAdded opens that were not stored before
   * @param opensChanged opens whose stored row is another one now
   * @param closesAdded closes that were not stored before
   * @param closesChanged closes whose stored row is another one now
   * @param monthsWritten the months of which a partition was written
   * @param conflicts how many writes lost against another writer or had an unknown outcome, and
   *     were done again
   */
  public record MergeReport(
      long opensAdded,
      long opensChanged,
      long closesAdded,
      long closesChanged,
      SortedSet<Month> monthsWritten,
      int conflicts) {}

  /**
   * A month has more rows than one partition holds: nothing was written to it, and what is stored
   * stays as it is.
   */
  public static final class PartitionFullException extends RuntimeException {
    public PartitionFullException(String message) {
      super(message);
    }
  }

  /**
   * A write was about to drop rows that are stored; it was not done. This is a defect of the
   * program, never of the data.
   */
  public static final class RowLossException extends IllegalStateException {
    RowLossException(String message) {
      super(message);
    }
  }
}
