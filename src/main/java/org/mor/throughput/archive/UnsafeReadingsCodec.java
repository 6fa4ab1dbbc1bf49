package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.mor.throughput.chain.BlockRange;

/** The span of unsafe readings as JSON: {@code {"version":1,"first":N,"last":M}}. */
final class UnsafeReadingsCodec {
  private static final int VERSION = 1;

  private UnsafeReadingsCodec() {}

  static byte[] encode(BlockRange blocks) {
    ObjectNode json = StateCodec.object().put("version", VERSION);
    return StateCodec.encode(
        UnsafeReadings.KEY, json.put("first", blocks.first()).put("last", blocks.last()));
  }

  static BlockRange decode(byte[] body) {
    return StateCodec.decode(UnsafeReadings.KEY, body, UnsafeReadingsCodec::read);
  }

  private static BlockRange read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    return new BlockRange(StateCodec.whole(json, "first"), StateCodec.whole(json, "last"));
  }
}
