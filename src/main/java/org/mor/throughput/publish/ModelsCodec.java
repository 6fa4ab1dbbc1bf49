package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.ModelLabel;

/** The lists that columns speak of: models with what they are called, and providers. */
final class ModelsCodec {
  private static final ModelLabel UNNAMED = new ModelLabel("", List.of());

  private ModelsCodec() {}

  static void write(JsonGenerator json, List<Hash32> models, Map<Hash32, ModelLabel> labels)
      throws IOException {
    json.writeArrayFieldStart("models");
    for (Hash32 model : models) {
      json.writeStartObject();
      json.writeStringField("id", model.toHex());
      write(json, labels.getOrDefault(model, UNNAMED));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Name, type and tags, as fields of the object that is open. */
  static void write(JsonGenerator json, ModelLabel label) throws IOException {
    json.writeStringField("name", label.name().isEmpty() ? null : label.name());
    json.writeStringField("type", label.type().name());
    json.writeArrayFieldStart("tags");
    for (String tag : label.tags()) {
      json.writeString(tag);
    }
    json.writeEndArray();
  }

  static void write(JsonGenerator json, List<Address> providers) throws IOException {
    json.writeArrayFieldStart("providers");
    for (Address provider : providers) {
      json.writeString(provider.toHex());
    }
    json.writeEndArray();
  }
}
