package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;

/** Reads of {@code rollup/performance-index.json} what leads to the cells. */
public final class PublishedPerformanceCodec {
  private static final JsonMapper JSON = new JsonMapper();

  private PublishedPerformanceCodec() {}

  /**
   * Reads the document.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static PublishedPerformance decode(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root.path("schemaVersion").asInt() != DocumentHead.SCHEMA_VERSION) {
        throw new IllegalArgumentException(
            "A performance index of schema " + root.path("schemaVersion"));
      }
      Map<String, String> models = new HashMap<>();
      for (JsonNode model : root.path("models")) {
        models.put(model.path("id").asText(), model.path("name").asText(""));
      }
      List<Address> providers = new ArrayList<>();
      root.path("providers").forEach(one -> providers.add(Address.fromHex(one.asText())));
      return new PublishedPerformance(
          root.path("network").asText(),
          root.path("diamond").asText(),
          root.path("asOfBlock").asLong(),
          root.path("asOfTime").asText(),
          models,
          providers,
          months(root));
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a performance index: no JSON", e);
    }
  }

  private static Map<Month, ObjectKey> months(JsonNode root) {
    Map<Month, ObjectKey> months = new HashMap<>();
    root.path("months").forEach(month -> months.put(month(month), file(month)));
    months.put(month(root.path("current")), file(root.path("current")));
    return months;
  }

  private static Month month(JsonNode node) {
    return Month.parse(node.path("month").asText());
  }

  private static ObjectKey file(JsonNode node) {
    return new ObjectKey(node.path("file").asText());
  }
}
