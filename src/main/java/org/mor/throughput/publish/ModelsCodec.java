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
  /** So many models are expected at the most; strangers may register any number. */
  static final int MOST_WITH_TAGS = 500;

  private static final ModelLabel UNNAMED = new ModelLabel("", List.of());

  private ModelsCodec() {}

  static void write(JsonGenerator json, List<Hash32> models, Map<Hash32, ModelLabel> labels)
      throws IOException {
    json.writeArrayFieldStart("models");
    for (Hash32 model : models) {
      json.writeStartObject();
      json.writeStringField("id", model.toHex());
      write(json, labels.getOrDefault(model, UNNAMED), models.size());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * Name, type and tags, as fields of the object that is open. In a list of more than {@value
   * #MOST_WITH_TAGS} models tags are left out: they may be twenty times as long as the rest.
   */
  static void write(JsonGenerator json, ModelLabel label, int models) throws IOException {
    json.writeStringField("name", label.name().isEmpty() ? null : label.name());
    json.writeStringField("type", label.type().name());
    if (models > MOST_WITH_TAGS) {
      return;
    }
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
