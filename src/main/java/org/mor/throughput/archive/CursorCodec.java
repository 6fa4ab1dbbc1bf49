package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/**
 * The cursor as JSON. What the earlier indexer wrote names no version: its {@code last_block} is
 * enough. A cursor that somebody rewound by hand has neither hash nor time.
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
  private static final String VERSION = "version";

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
    json.put(VERSION, cursor.version());
    return StateCodec.encode(CursorStore.KEY, json);
  }

  static Cursor decode(byte[] body) {
    return StateCodec.decode(
        CursorStore.KEY, body, json -> json.has(VERSION) ? current(json) : early(json));
  }

  private static Cursor current(ObjectNode json) {
    StateCodec.requireVersion(json, Cursor.VERSION);
    return new Cursor(
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
                StateCodec.text(json, NETWORK), Address.fromHex(StateCodec.text(json, DIAMOND)))),
        Cursor.VERSION);
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
