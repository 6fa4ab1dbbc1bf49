package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Rollup.Breakdown;
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
          writeDense(json, models.size());
          json.writeArrayFieldStart("models");
          for (Breakdown<Hash32> model : models) {
            json.writeStartObject();
            json.writeStringField("id", model.id().toHex());
            ModelLabel label = labels.getOrDefault(model.id(), new ModelLabel("", List.of()));
            ModelsCodec.write(json, label, models.size());
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
          writeDense(json, providers.size());
          json.writeArrayFieldStart("providers");
          for (Breakdown<Address> provider : providers) {
            json.writeStartObject();
            json.writeStringField("id", provider.id().toHex());
            writeFigures(json, provider);
          }
          json.writeEndArray();
        });
  }

  /** Says from which place on only days with data are listed, where there are so many. */
  private static void writeDense(JsonGenerator json, int count) throws IOException {
    if (count > Breakdown.DENSE) {
      json.writeNumberField("sparseFrom", Breakdown.DENSE);
    }
  }

  private static void writeFigures(JsonGenerator json, Breakdown<?> breakdown) throws IOException {
    json.writeObjectFieldStart("totals");
    MetricsCodec.write(json, breakdown.totals());
    json.writeEndObject();
    SeriesCodec.write(json, "daily", breakdown.daily());
    json.writeEndObject();
  }
}
