package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Breakdown;
import org.mor.throughput.session.ModelLabel;

/** The last 30 days of each model, and of each provider. */
final class BreakdownCodec {
  private BreakdownCodec() {}

  /** Models are keyed by id; name, type and tags are what {@code labels} says of it. */
  static Document encodeModels(
      DocumentHead head, List<Breakdown<Hash32>> models, Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.BY_MODEL,
        head,
        json -> {
          json.writeArrayFieldStart("models");
          for (Breakdown<Hash32> model : models) {
            json.writeStartObject();
            json.writeStringField("id", model.id().toHex());
            ModelsCodec.write(json, labels.getOrDefault(model.id(), new ModelLabel("", List.of())));
            writeFigures(json, model);
          }
          json.writeEndArray();
        });
  }

  static Document encodeProviders(DocumentHead head, List<Breakdown<Address>> providers) {
    return DocumentCodec.write(
        DocumentKeys.BY_PROVIDER,
        head,
        json -> {
          json.writeArrayFieldStart("providers");
          for (Breakdown<Address> provider : providers) {
            json.writeStartObject();
            json.writeStringField("id", provider.id().toHex());
            writeFigures(json, provider);
          }
          json.writeEndArray();
        });
  }

  private static void writeFigures(JsonGenerator json, Breakdown<?> breakdown) throws IOException {
    json.writeObjectFieldStart("totals");
    MetricsCodec.write(json, breakdown.totals());
    json.writeEndObject();
    SeriesCodec.write(json, "daily", breakdown.daily());
    json.writeEndObject();
  }
}
