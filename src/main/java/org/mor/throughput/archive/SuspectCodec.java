package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.archive.SuspectStore.Known;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;

/** The list of suspects as JSON. */
final class SuspectCodec {
  private static final int VERSION = 1;

  private SuspectCodec() {}

  static byte[] encode(Known known) {
    ObjectNode json = StateCodec.object().put("version", VERSION).put("hasMore", known.hasMore());
    ArrayNode rows = json.putArray("rows");
    for (Suspect row : known.rows()) {
      rows.addObject()
          .put("kind", row.kind().label())
          .put("month", row.month().toString())
          .put("sessionId", row.sessionId().toHex())
          .put("block", row.block())
          .put("why", row.why().code());
    }
    return StateCodec.encode(SuspectStore.KEY, json);
  }

  static Known decode(byte[] body) {
    return StateCodec.decode(SuspectStore.KEY, body, SuspectCodec::read);
  }

  private static Known read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    List<Suspect> rows = new ArrayList<>();
    for (JsonNode row : StateCodec.array(json, "rows")) {
      rows.add(
          new Suspect(
              RowKind.ofLabel(StateCodec.text(row, "kind")),
              Month.parse(StateCodec.text(row, "month")),
              Hash32.fromHex(StateCodec.text(row, "sessionId")),
              StateCodec.whole(row, "block"),
              Suspect.Why.of(StateCodec.text(row, "why"))));
    }
    return new Known(rows, json.path("hasMore").asBoolean(false));
  }
}
