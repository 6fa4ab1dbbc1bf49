package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** How far the published documents are, from the summary. */
final class StatusAnswer {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FIELDS =
      List.of(
          "network",
          "diamond",
          "asOfBlock",
          "asOfTime",
          "generatedAt",
          "methodologyVersion",
          "headBlock",
          "lagBlocks",
          "completeness",
          "documents");

  private StatusAnswer() {}

  static Answer of(ObjectStore store) {
    Optional<StoredObject> summary = store.find(PublishedKeys.SUMMARY);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("status", summary.isPresent() ? "ok" : "empty");
    if (summary.isPresent()) {
      JsonNode document = read(summary.get().body());
      FIELDS.forEach(
          field ->
              status.set(
                  field, document.path(field).isMissingNode() ? null : document.path(field)));
    }
    return Answer.computed(status);
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException("The published summary is no JSON: run rollup again", e);
    }
  }
}
