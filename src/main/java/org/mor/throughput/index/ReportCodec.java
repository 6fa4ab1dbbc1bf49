package org.mor.throughput.index;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.mor.throughput.chain.BlockRange;

/** The parts of a run's report that the command line and the function write as the same JSON. */
public final class ReportCodec {
  private ReportCodec() {}

  /** {@code name} with the first and the last block, or null. */
  public static void range(ObjectNode json, String name, Optional<BlockRange> range) {
    if (range.isPresent()) {
      json.putObject(name).put("first", range.get().first()).put("last", range.get().last());
    } else {
      json.putNull(name);
    }
  }

  /** {@code rewind}, where a run went back first. */
  public static void rewound(ObjectNode json, Optional<Rewinding.Done> rewound) {
    rewound.ifPresent(
        done ->
            json.putObject("rewind")
                .put("generation", done.generation())
                .put("fromBlock", done.fromBlock())
                .put("toBlock", done.toBlock()));
  }

  /** What a scan found; zeros where nothing was scanned. */
  public static ObjectNode found(ObjectNode json, Optional<ScanReport> scan) {
    return json.put("opens", scan.map(ScanReport::opens).orElse(0L))
        .put("closes", scan.map(ScanReport::closes).orElse(0L))
        .put("rowsAdded", scan.map(ScanReport::rowsAdded).orElse(0L));
  }

  /** How many rows a refresh looked at. */
  public static ObjectNode refreshed(ObjectNode json, CloseRefresh.Report refresh) {
    return json.put("legacy", refresh.legacy())
        .put("unsettled", refresh.unsettled())
        .put("read", refresh.read())
        .put("changed", refresh.changed())
        .put("unresolved", refresh.unresolved());
  }

  /** {@code unresolvedRows}: the first rows that a refresh left as they are. */
  public static void unresolved(ObjectNode json, CloseRefresh.Report refresh) {
    ArrayNode rows = json.putArray("unresolvedRows");
    refresh
        .named()
        .forEach(
            row ->
                rows.addObject()
                    .put("sessionId", row.sessionId().toHex())
                    .put("month", row.month().toString())
                    .put("why", row.why()));
  }
}
