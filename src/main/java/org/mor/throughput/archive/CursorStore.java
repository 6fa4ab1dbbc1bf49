package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.Cursor.Rewind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps the cursor at {@code state/cursor.json}. It moves forward; only a rewind moves it back, and
 * counts a generation. A cursor of the earlier indexer names no version: its {@code last_block} is
 * enough. One of version 2 was never rewound, or by hand: then it has neither hash nor time.
 */
public final class CursorStore {
  public static final ObjectKey KEY = new ObjectKey("state/cursor.json");

  static final StateObject.Form<Optional<Cursor>> FORM =
      new StateObject.Form<>(
          KEY,
          Optional.empty(),
          cursor -> write(cursor.orElseThrow()),
          json -> Optional.of(json.has(StateJson.VERSION) ? current(json) : early(json)));

  private static final int WITHOUT_REWINDS = 2;
  private static final String LAST_BLOCK_HASH = "last_block_hash";
  private static final String LAST_BLOCK_TIME = "last_block_time";
  private static final String REWINDS = "rewinds";
  private static final String REWIND_TO = "rewind_to";

  private final StateObject<Optional<Cursor>> state;

  public CursorStore(ObjectStore store, CommitRetry retry) {
    state = new StateObject<>(store, retry, FORM);
  }

  /**
   * The stored cursor; empty when there is none yet.
   *
   * @throws CorruptObjectException when it cannot be read
   */
  public Optional<Cursor> find() {
    return state.find();
  }

  /**
   * Moves the cursor to the end of a range whose rows and coverage are stored already. One that is
   * there or beyond stays as it is, and so does one that blocks nobody scanned lie behind.
   *
   * @param to the header of the range's last block
   * @param generation the one that the run began in
   * @return the cursor as it is stored now
   * @throws CorruptObjectException when the stored cursor cannot be read or belongs to another
   *     network or contract
   * @throws org.mor.throughput.store.StoreException.StoreConflictException when the store was
   *     rewound since the run began
   */
  public Cursor advance(
      BlockRange scanned,
      BlockHeader to,
      NetworkId network,
      int generation,
      Instant now,
      String writeId) {
    return state
        .update(
            stored -> {
              stored.ifPresent(
                  cursor -> {
                    cursor.requireNetwork(network);
                    requireGeneration(cursor, generation, scanned);
                  });
              boolean stays = stored.isPresent() && !goesOnFrom(stored.get(), scanned);
              return stays ? stored : Optional.of(next(stored, to, network, now, writeId));
            })
        .orElseThrow();
  }

  private static void requireGeneration(Cursor cursor, int generation, BlockRange scanned) {
    if (cursor.generation() != generation || cursor.rewinding()) {
      throw CommitLoop.outdated(KEY, scanned.toString(), cursor.generation(), generation);
    }
  }

  private static boolean goesOnFrom(Cursor current, BlockRange scanned) {
    return scanned.first() <= current.lastBlock() + 1 && scanned.last() > current.lastBlock();
  }

  private static Cursor next(
      Optional<Cursor> before, BlockHeader to, NetworkId network, Instant now, String writeId) {
    return new Cursor(
        to.number(),
        seconds(now),
        Optional.of(to.hash()),
        OptionalLong.of(to.timestamp()),
        before.map(Cursor::seq).orElse(0L) + 1,
        writeId,
        Optional.of(network),
        Cursor.VERSION,
        before.map(Cursor::rewinds).orElse(List.of()),
        false);
  }

  /**
   * Begins a rewind: the cursor goes back and says that coverage and proof are still to be cut. One
   * that stands lower already only says so. One that has been rewound since {@code seen}, or is
   * being rewound, stays as it is.
   *
   * @param to the last block that is kept
   * @param header the block's header; empty where nobody knows it
   * @param generation the new one, above all that the store has seen
   * @return the cursor as it is stored now
   */
  public Cursor rewind(
      Cursor seen,
      long to,
      Optional<BlockHeader> header,
      NetworkId network,
      int generation,
      Instant now,
      String writeId) {
    return change(
        stored -> {
          if (stored.rewinding() || stored.generation() != seen.generation()) {
            return stored;
          }
          boolean stays = stored.lastBlock() < to;
          return new Cursor(
              Math.min(stored.lastBlock(), to),
              seconds(now),
              stays ? stored.lastBlockHash() : header.map(BlockHeader::hash),
              stays ? stored.lastBlockTime() : time(header),
              stored.seq() + 1,
              writeId,
              Optional.of(network),
              Cursor.VERSION,
              Cursor.with(stored.rewinds(), new Rewind(generation, to)),
              true);
        });
  }

  private static OptionalLong time(Optional<BlockHeader> header) {
    return header.isPresent() ? OptionalLong.of(header.get().timestamp()) : OptionalLong.empty();
  }

  /**
   * Ends the rewind to a generation, once coverage and proof are cut.
   *
   * @return the cursor as it is stored now
   */
  public Cursor endRewind(int generation, Instant now, String writeId) {
    return change(
        stored ->
            stored.rewinding() && stored.generation() == generation
                ? stored.rewound(seconds(now), writeId)
                : stored);
  }

  private Cursor change(UnaryOperator<Cursor> change) {
    return state
        .update(
            stored ->
                Optional.of(
                    change.apply(
                        stored.orElseThrow(
                            () ->
                                new CorruptObjectException(
                                    KEY + " is gone: restore its newest version")))))
        .orElseThrow();
  }

  private static String seconds(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static ObjectNode write(Cursor cursor) {
    ObjectNode json = StateJson.object();
    json.put("last_block", cursor.lastBlock()).put("last_run", cursor.lastRun());
    cursor.lastBlockHash().ifPresent(hash -> json.put(LAST_BLOCK_HASH, hash.toHex()));
    cursor.lastBlockTime().ifPresent(time -> json.put(LAST_BLOCK_TIME, time));
    json.put("seq", cursor.seq()).put("write_id", cursor.writeId());
    cursor
        .network()
        .ifPresent(at -> json.put("network", at.name()).put("diamond", at.diamond().toHex()));
    if (cursor.generation() > 0) {
      json.put(StateJson.GENERATION, cursor.generation());
      ArrayNode rewinds = json.putArray(REWINDS);
      cursor.rewinds().forEach(to -> rewinds.addArray().add(to.generation()).add(to.toBlock()));
    }
    cursor.rewindTo().ifPresent(block -> json.put(REWIND_TO, block));
    return json.put(StateJson.VERSION, cursor.version());
  }

  private static Cursor current(ObjectNode json) {
    int version = StateJson.requireVersion(json, WITHOUT_REWINDS, Cursor.VERSION);
    Cursor cursor =
        new Cursor(
            StateJson.whole(json, "last_block"),
            StateJson.text(json, "last_run"),
            json.has(LAST_BLOCK_HASH)
                ? Optional.of(StateJson.hash(json, LAST_BLOCK_HASH))
                : Optional.<Hash32>empty(),
            json.has(LAST_BLOCK_TIME)
                ? OptionalLong.of(StateJson.whole(json, LAST_BLOCK_TIME))
                : OptionalLong.empty(),
            StateJson.whole(json, "seq"),
            StateJson.text(json, "write_id"),
            Optional.of(
                new NetworkId(
                    StateJson.text(json, "network"),
                    Address.fromHex(StateJson.text(json, "diamond")))),
            version,
            json.has(REWINDS) ? rewinds(json) : List.of(),
            json.has(REWIND_TO));
    requireAgreement(cursor, json);
    return cursor;
  }

  private static List<Rewind> rewinds(ObjectNode json) {
    String otherwise = "a rewind is not two whole numbers";
    List<Rewind> rewinds = new ArrayList<>();
    for (JsonNode rewind : StateJson.array(json, REWINDS)) {
      if (rewind.size() != 2 || !rewind.path(0).canConvertToInt()) {
        throw new IllegalArgumentException(otherwise);
      }
      rewinds.add(
          new Rewind(
              (int) StateJson.item(rewind.path(0), otherwise),
              StateJson.item(rewind.path(1), otherwise)));
    }
    return rewinds;
  }

  /** The generation is the last rewind's, and an unfinished rewind goes where that one went. */
  private static void requireAgreement(Cursor cursor, ObjectNode json) {
    int generation = StateJson.generation(json);
    boolean goesElsewhere =
        cursor.rewinding() && StateJson.whole(json, REWIND_TO) != cursor.rewindTo().getAsLong();
    if (generation != cursor.generation() || goesElsewhere) {
      throw new IllegalArgumentException(
          "\"generation\" is %d, but \"rewinds\" end with %s"
              .formatted(generation, cursor.lastRewind()));
    }
  }

  private static Cursor early(ObjectNode json) {
    JsonNode lastRun = json.path("last_run");
    return new Cursor(
        StateJson.whole(json, "last_block"),
        lastRun.isValueNode() ? lastRun.asText("") : "",
        Optional.empty(),
        OptionalLong.empty(),
        0,
        "",
        Optional.empty(),
        1);
  }
}
