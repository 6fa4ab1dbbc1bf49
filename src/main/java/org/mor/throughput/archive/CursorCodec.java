package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/**
 * The cursor as JSON. What the earlier indexer wrote names no version: its {@code last_block} is
 * enough. A cursor of version 2 was never rewound, or by hand: then it has neither hash nor time.
 */
final class CursorCodec {
  private static final String LAST_BLOCK = "last_block";
  private static final String LAST_RUN = "last_run";
  private static final String LAST_BLOCK_HASH = "last_block_hash";
  private static final String LAST_BLOCK_TIME = "last_block_time";
  private static final String SEQ = "seq";
  private static final String WRITE_ID = "write_id";
  private static final String NETWORK = "network";
  private static final String DIAMOND = "diamond";
  private static final String REWINDS = "rewinds";
  private static final String REWIND_TO = "rewind_to";
  private static final String VERSION = "version";
  private static final int WITHOUT_REWINDS = 2;

  private CursorCodec() {}

  static byte[] encode(Cursor cursor) {
    ObjectNode json = StateCodec.object();
    json.put(LAST_BLOCK, cursor.lastBlock());
    json.put(LAST_RUN, cursor.lastRun());
    cursor.lastBlockHash().ifPresent(hash -> json.put(LAST_BLOCK_HASH, hash.toHex()));
    cursor.lastBlockTime().ifPresent(time -> json.put(LAST_BLOCK_TIME, time));
    json.put(SEQ, cursor.seq());
    json.put(WRITE_ID, cursor.writeId());
    cursor
        .network()
        .ifPresent(
            network -> json.put(NETWORK, network.name()).put(DIAMOND, network.diamond().toHex()));
    if (cursor.generation() > 0) {
      json.put(StateCodec.GENERATION, cursor.generation());
      ArrayNode rewinds = json.putArray(REWINDS);
      cursor
          .rewinds()
          .forEach(past -> rewinds.addArray().add(past.generation()).add(past.toBlock()));
    }
    cursor.rewindTo().ifPresent(block -> json.put(REWIND_TO, block));
    json.put(VERSION, cursor.version());
    return StateCodec.encode(CursorStore.KEY, json);
  }

  static Cursor decode(byte[] body) {
    return StateCodec.decode(
        CursorStore.KEY, body, json -> json.has(VERSION) ? current(json) : early(json));
  }

  private static Cursor current(ObjectNode json) {
    int version = StateCodec.requireVersion(json, WITHOUT_REWINDS, Cursor.VERSION);
    List<Cursor.Rewind> rewinds = json.has(REWINDS) ? rewinds(json) : List.of();
    Cursor cursor =
        new Cursor(
            StateCodec.whole(json, LAST_BLOCK),
            StateCodec.text(json, LAST_RUN),
            json.has(LAST_BLOCK_HASH)
                ? Optional.of(Hash32.fromHex(StateCodec.text(json, LAST_BLOCK_HASH)))
                : Optional.empty(),
            json.has(LAST_BLOCK_TIME)
                ? OptionalLong.of(StateCodec.whole(json, LAST_BLOCK_TIME))
                : OptionalLong.empty(),
            StateCodec.whole(json, SEQ),
            StateCodec.text(json, WRITE_ID),
            Optional.of(
                new NetworkId(
                    StateCodec.text(json, NETWORK),
                    Address.fromHex(StateCodec.text(json, DIAMOND)))),
            version,
            rewinds,
            json.has(REWIND_TO));
    requireAgreement(cursor, json);
    return cursor;
  }

  private static List<Cursor.Rewind> rewinds(ObjectNode json) {
    List<Cursor.Rewind> rewinds = new ArrayList<>();
    for (JsonNode rewind : StateCodec.array(json, REWINDS)) {
      if (rewind.size() != 2
          || !rewind.path(0).canConvertToExactIntegral()
          || !rewind.path(0).canConvertToInt()
          || !rewind.path(1).canConvertToExactIntegral()
          || !rewind.path(1).canConvertToLong()) {
        throw new IllegalArgumentException("a rewind is not two whole numbers");
      }
      rewinds.add(new Cursor.Rewind(rewind.path(0).intValue(), rewind.path(1).longValue()));
    }
    return rewinds;
  }

  /** The generation is the last rewind's, and an unfinished rewind goes where that one went. */
  private static void requireAgreement(Cursor cursor, ObjectNode json) {
    int generation = StateCodec.generation(json);
    boolean goesElsewhere =
        cursor.rewinding() && StateCodec.whole(json, REWIND_TO) != cursor.rewindTo().getAsLong();
    if (generation != cursor.generation() || goesElsewhere) {
      throw new IllegalArgumentException(
          "\"generation\" is %d, but \"rewinds\" end with %s"
              .formatted(generation, cursor.lastRewind()));
    }
  }

  private static Cursor early(ObjectNode json) {
    JsonNode lastRun = json.path(LAST_RUN);
    return new Cursor(
        StateCodec.whole(json, LAST_BLOCK),
        lastRun.isValueNode() ? lastRun.asText("") : "",
        Optional.empty(),
        OptionalLong.empty(),
        0,
        "",
        Optional.empty(),
        1);
  }
}
