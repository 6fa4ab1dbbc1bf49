package org.mor.throughput.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.PlayedEndpoints;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** Checks the invariants after every write, against the chain's truth and what was there before. */
@SuppressWarnings("AnnotateFormatMethod")
final class Auditor implements Bucket.Watch {
  /** An invariant does not hold. */
  static final class Broken extends Error {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  /** Named after their content, so never replaced; one that nothing names any more stays. */
  static final String MONTHS_OF_CELLS = "rollup/performance/";

  private static final Pattern AS_OF = Pattern.compile("\"asOfBlock\":(\\d+)");
  private static final Pattern PAGE_AS_OF =
      Pattern.compile("<meta name=\"as-of-block\" content=\"(\\d+)\">");
  private static final Pattern GENERATION =
      Pattern.compile(
          "\"generatedAt\":\"[^\"]*\",\"generation\":(\\d+)"
              + "|<meta name=\"store-generation\" content=\"(\\d+)\">");

  /** More than there are. */
  private static final long BLOCKS = 1_000_000;

  private static final Pattern CLOSED =
      Pattern.compile("\"allTime\":\\{[^}]*?\"sessionsClosed\":(\\d+)");

  private final World world;
  private final LongSupplier safeHead;
  private final Map<ObjectKey, Map<Hash32, SessionRow>> rows = new HashMap<>();
  private final Map<ObjectKey, Long> documents = new HashMap<>();
  private Coverage coverage = Coverage.NONE;
  private Optional<Cursor> cursor = Optional.empty();
  private boolean lied;

  /** Whether the chain has left blocks, so that stored rows may be of those. */
  private boolean reorganised;

  /** Whether coverage may speak of blocks that the chain has left. */
  private boolean outdated;

  /** The last block that the chain kept. */
  private long fork = Long.MAX_VALUE;

  /** Rows of this generation and of those before may be of the chain that was left. */
  private int oldGeneration = -1;

  Auditor(World world, LongSupplier safeHead) {
    this.world = world;
    this.safeHead = safeHead;
  }

  /** A node left out a log: a covered block may lack its rows until it is scanned again. */
  void forgiveGaps() {
    lied = true;
  }

  /** The chain has left its blocks above one: what is stored of them is of the fork. */
  void reorganised(long above) {
    reorganised = true;
    outdated = true;
    fork = above;
    oldGeneration = generation();
  }

  /** Every row that counts is true, once, and nothing else is there but retractions. */
  void requireTheTruth() {
    Set<String> seen = new HashSet<>();
    rows.forEach(
        (key, stored) ->
            stored.forEach(
                (id, row) -> {
                  boolean closes = key.value().startsWith(RowKind.CLOSES.prefix());
                  require(
                      row.retracted() != isTrue(row, closes),
                      "I14: %s is settled wrongly: %s",
                      key,
                      row);
                  require(
                      row.retracted() || seen.add(closes + " " + id),
                      "I5: two rows of %s count",
                      id);
                }));
  }

  private boolean isTrue(SessionRow row, boolean closes) {
    World.Truth truth = world.truth().get(row.sessionId());
    return truth != null
        && row.position().block() == (closes ? truth.closeBlock() : truth.openBlock());
  }

  @Override
  public void written(ObjectKey key, byte @Nullable [] before, byte[] after) {
    require(!contains(after, PlayedEndpoints.KEY), "I9: a secret is in %s", key);
    if (key.equals(CursorStore.KEY)) {
      cursor(key, after);
    } else if (key.equals(CoverageStore.KEY)) {
      coverage(key, after);
    } else if (key.value().startsWith("raw/")) {
      partition(key, after);
    } else if (key.value().startsWith(MONTHS_OF_CELLS)) {
      require(before == null, "I7: %s was replaced, though its content is in its name", key);
    } else if (key.value().endsWith(".json") && !key.value().startsWith("state/")) {
      document(key, after);
    }
  }

  /** How often the store was rewound. */
  int generation() {
    return cursor.map(Cursor::generation).orElse(0);
  }

  /** Whether every block that a commit ended with, and so all below it, is on the chain now. */
  void requireAllOfItOnTheChain() {
    for (KeptBlock kept : coverage.kept()) {
      require(
          world.chain.header(kept.number()).equals(Optional.of(kept.header())),
          "I3: block %d is of a chain that is gone",
          kept.number());
    }
    Cursor stands = cursor.orElseThrow();
    require(
        world
            .chain
            .header(stands.lastBlock())
            .map(BlockHeader::hash)
            .equals(stands.lastBlockHash()),
        "I3: the cursor stands on a chain that is gone: %s",
        stands);
    require(
        coverage.generation() == stands.generation() && !stands.rewinding(),
        "I4: a rewind is not finished: %s",
        stands);
  }

  /** Whether every event of the covered blocks is stored. */
  void requireCompleteness() {
    for (BlockRange range : coverage.ranges()) {
      requireRows(range, RowKind.OPENS);
      requireRows(range, RowKind.CLOSES);
    }
  }

  private void partition(ObjectKey key, byte[] body) {
    RowKind kind = key.value().startsWith(RowKind.OPENS.prefix()) ? RowKind.OPENS : RowKind.CLOSES;
    Map<Hash32, SessionRow> now = read(kind, key, body);
    rows.getOrDefault(key, Map.of())
        .forEach(
            (id, row) ->
                require(
                    now.containsKey(id) && now.get(id).reading().compareTo(row.reading()) >= 0,
                    "I2: %s lost session %s, or went back to an older reading",
                    key,
                    id));
    Map<ObjectKey, Map<Hash32, SessionRow>> others = new HashMap<>(rows);
    others.remove(key);
    others.forEach(
        (other, ids) ->
            require(
                reorganised
                    || !other.value().startsWith(kind.prefix())
                    || ids.keySet().stream().noneMatch(now::containsKey),
                "I5: %s and %s hold the same session",
                key,
                other));
    rows.put(key, now);
  }

  private Map<Hash32, SessionRow> read(RowKind kind, ObjectKey key, byte[] body) {
    MemoryObjectStore one = new MemoryObjectStore();
    one.create(key, body, ObjectAttributes.PRIVATE_GZIP);
    Map<Hash32, SessionRow> found = new HashMap<>();
    Optional<?> unused =
        new PartitionAudit(one)
            .read(
                kind,
                kind.month(key).orElseThrow(),
                new PartitionAudit.Listener() {
                  @Override
                  public void row(SessionRow row) {
                    sound(row, kind == RowKind.CLOSES);
                    require(found.put(row.sessionId(), row) == null, "I2: %s is twice", row);
                  }

                  @Override
                  public void fault(RowFault fault) {
                    require(false, "I7: %s", fault);
                  }
                });
    return found;
  }

  private void sound(SessionRow row, boolean closes) {
    if (row.retracted()) {
      require(reorganised && !isTrue(row, closes), "I14: a true row is retracted: %s", row);
      return;
    }
    if (reorganised && row.generation() <= oldGeneration) {
      return;
    }
    World.Truth truth = world.truth().get(row.sessionId());
    require(truth != null, "I3: no session %s on the chain", row.sessionId());
    if (truth != null) {
      long block = closes ? truth.closeBlock() : truth.openBlock();
      require(
          row.position().block() == block && block <= safeHead.getAsLong(),
          "I3: session %s is stored at block %d, is at %d, and %d is safe",
          row.sessionId(),
          row.position().block(),
          block,
          safeHead.getAsLong());
    }
  }

  private void coverage(ObjectKey key, byte[] body) {
    MemoryObjectStore one = new MemoryObjectStore();
    one.create(key, body, ObjectAttributes.PRIVATE_JSON);
    Coverage now = new CoverageStore(one, CommitRetry.none()).find();
    if (now.generation() == coverage.generation()) {
      require(
          now.union(coverage).ranges().equals(now.ranges()),
          "I1: coverage went from %s to %s",
          coverage,
          now);
    } else {
      Cursor stands = cursor.orElseThrow();
      require(
          now.generation() == stands.generation() && stands.rewinding(),
          "I4: coverage of generation %d is ahead of %s",
          now.generation(),
          stands);
      require(
          now.ranges().equals(coverage.in(stands).ranges()),
          "I1: the rewind %s cut coverage from %s to %s",
          stands,
          coverage,
          now);
      outdated &= stands.rewindTo().orElseThrow() > fork;
    }
    coverage = now;
    if (!lied && !outdated) {
      requireCompleteness();
    }
  }

  private void requireRows(BlockRange range, RowKind kind) {
    Set<Hash32> stored = new HashSet<>();
    rows.forEach(
        (key, ids) -> {
          if (key.value().startsWith(kind.prefix())) {
            ids.forEach(
                (id, row) -> {
                  if (isTrue(row, kind == RowKind.CLOSES) && !row.retracted()) {
                    stored.add(id);
                  }
                });
          }
        });
    List<Hash32> due = world.ids(range.first(), range.last(), kind == RowKind.CLOSES);
    Set<Hash32> lacking = new HashSet<>(due);
    lacking.removeAll(stored);
    require(lacking.isEmpty(), "I1: %s is covered and lacks %s of %s", range, lacking, kind);
  }

  private void cursor(ObjectKey key, byte[] body) {
    MemoryObjectStore one = new MemoryObjectStore();
    one.create(key, body, ObjectAttributes.PRIVATE_JSON);
    Cursor now = new CursorStore(one, CommitRetry.none()).find().orElseThrow();
    require(now.lastBlock() <= safeHead.getAsLong(), "I8: %s is beyond %s", now, safeHead);
    require(now.seq() > cursor.map(Cursor::seq).orElse(0L), "I4: %s follows %s", now, cursor);
    boolean begins = now.rewinding() && cursor.filter(Cursor::rewinding).isEmpty();
    boolean ends = !now.rewinding() && cursor.filter(Cursor::rewinding).isPresent();
    if (begins) {
      rewound(cursor.orElseThrow(), now);
    } else if (ends) {
      require(
          now.lastBlock() == cursor.orElseThrow().lastBlock()
              && coverage.generation() == now.generation(),
          "I4: %s ended before coverage was cut",
          now);
    } else {
      movedOn(now);
    }
    cursor = Optional.of(now);
  }

  private static void rewound(Cursor before, Cursor now) {
    require(
        now.lastBlock() == Math.min(before.lastBlock(), now.rewindTo().orElseThrow())
            && now.generation() > before.generation(),
        "I4: a rewind from %s to %s",
        before,
        now);
  }

  private void movedOn(Cursor now) {
    long from = cursor.map(Cursor::lastBlock).orElse(now.lastBlock() - 1);
    require(
        now.lastBlock() > from
            && now.generation() == cursor.map(Cursor::generation).orElse(0)
            && coverage.generation() == now.generation(),
        "I4: the cursor went from %s to %s",
        cursor,
        now);
    require(
        coverage.covers(new BlockRange(from + 1, now.lastBlock())),
        "I1: the cursor went from %d to %d over a gap in %s",
        from,
        now.lastBlock(),
        coverage);
  }

  private void document(ObjectKey key, byte[] body) {
    String text = new String(body, ISO_8859_1);
    long asOf = number(key.value().endsWith(".html") ? PAGE_AS_OF : AS_OF, text);
    Matcher counted = GENERATION.matcher(text);
    long generation =
        counted.find() ? Long.parseLong(counted.group(counted.group(1) == null ? 2 : 1)) : 0;
    long indexed = cursor.map(Cursor::lastBlock).orElse(0L);
    require(
        generation < cursor.map(Cursor::generation).orElse(0) || asOf <= indexed,
        "I10: %s is of block %d, ahead",
        key,
        asOf);
    long order = generation * BLOCKS + asOf;
    require(documents.getOrDefault(key, 0L) <= order, "I10: %s went back to %d", key, asOf);
    documents.put(key, order);
    if (key.value().equals("summary.json") && !reorganised) {
      int most = world.ids(0, asOf, true).size();
      require(number(CLOSED, text) <= most, "I10: more closes than %d as of %d", most, asOf);
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    require(matcher.find(), "I10: a document lacks %s", pattern);
    return Long.parseLong(matcher.group(1));
  }

  static boolean contains(byte[] body, String text) {
    return new String(body, ISO_8859_1).contains(text);
  }

  static void require(boolean holds, String message, @Nullable Object... values) {
    if (!holds) {
      throw new Broken(message.formatted(values));
    }
  }
}
