package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.BlockRange;

/** Coverage as JSON: {@code {"version":1,"ranges":[[first,last],...]}}, both ends included. */
final class CoverageCodec {
  private static final int VERSION = 1;
  private static final String RANGES = "ranges";

  private CoverageCodec() {}

  static byte[] encode(Coverage coverage) {
    ObjectNode json = StateCodec.object().put("version", VERSION);
    ArrayNode ranges = json.putArray(RANGES);
    coverage.ranges().forEach(range -> ranges.addArray().add(range.first()).add(range.last()));
    return StateCodec.encode(CoverageStore.KEY, json);
  }

  static Coverage decode(byte[] body) {
    return StateCodec.decode(CoverageStore.KEY, body, CoverageCodec::read);
  }

  private static Coverage read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    List<BlockRange> ranges = new ArrayList<>();
    for (JsonNode range : StateCodec.array(json, RANGES)) {
      if (range.size() != 2
          || !range.path(0).canConvertToExactIntegral()
          || !range.path(1).canConvertToExactIntegral()) {
        throw new IllegalArgumentException("a range is not two whole numbers");
      }
      ranges.add(new BlockRange(range.path(0).longValue(), range.path(1).longValue()));
    }
    return new Coverage(ranges);
  }
}
