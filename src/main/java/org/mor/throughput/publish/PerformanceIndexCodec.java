package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;

/** {@code rollup/performance-index.json}: what models are called, and where all cells are. */
public final class PerformanceIndexCodec {
  private static final JsonMapper JSON = new JsonMapper();

  private PerformanceIndexCodec() {}

  /**
   * What a stored index says of where the cells are.
   *
   * @param asOfTime ISO 8601
   * @param models what each model id is called; empty text for one without a name
   * @param months where each month is kept, the month of asOf included
   */
  public record PublishedPerformance(
      String network,
      String diamond,
      long asOfBlock,
      String asOfTime,
      Map<String, String> models,
      List<Address> providers,
      Map<Month, ObjectKey> months) {
    public PublishedPerformance {
      models = Map.copyOf(models);
      providers = List.copyOf(providers);
      months = Map.copyOf(months);
    }
  }

  static Document encode(
      DocumentHead head, Performance performance, Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.PERFORMANCE_INDEX,
        head,
        json -> {
          json.number("methodologyVersion", Methodology.VERSION);
          ColumnsCodec.models(json, performance.models(), labels);
          ColumnsCodec.providers(json, performance.providers());
          json.object(
              "current",
              () -> {
                json.text("month", performance.current().month().toString());
                json.text("file", DocumentKeys.PERFORMANCE_CURRENT.value());
              });
          json.objects("months", performance.months(), file -> write(json, file));
        });
  }

  private static void write(DocumentCodec json, MonthFile file) {
    json.text("month", file.month().toString());
    json.text("file", file.key());
    json.text("sha256", file.sha256());
    json.number("bytes", file.bytes());
    json.text("firstDay", Granularity.DAY.label(file.firstDay()));
    json.text("lastDay", Granularity.DAY.label(file.lastDay()));
    json.number("sessionsClosed", file.sessions());
  }

  /**
   * Reads of the document what leads to the cells.
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
      Map<Month, ObjectKey> months = new HashMap<>();
      root.path("months").forEach(month -> readFile(month, months));
      readFile(root.path("current"), months);
      return new PublishedPerformance(
          root.path("network").asText(),
          root.path("diamond").asText(),
          root.path("asOfBlock").asLong(),
          root.path("asOfTime").asText(),
          models,
          providers,
          months);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a performance index: no JSON", e);
    }
  }

  private static void readFile(JsonNode node, Map<Month, ObjectKey> months) {
    months.put(Month.parse(node.path("month").asText()), new ObjectKey(node.path("file").asText()));
  }
}
