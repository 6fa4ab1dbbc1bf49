package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.ModelType;
import org.mor.throughput.store.ObjectKey;

/**
 * The model catalog as JSON: {@code {"version":1,"models":[{"id","name","tags","type",
 * "readAtBlock"}]}}; where {@code type} is absent the tags say it. A model has {@code "generation"}
 * where the store was rewound before it was read.
 */
final class ModelCatalogCodec {
  private static final int VERSION = 1;
  private static final String MODELS = "models";
  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String TAGS = "tags";
  private static final String TYPE = "type";
  private static final String READ_AT_BLOCK = "readAtBlock";

  private ModelCatalogCodec() {}

  static byte[] encode(ObjectKey key, ModelCatalog catalog) {
    ObjectNode json = StateCodec.object().put("version", VERSION);
    ArrayNode models = json.putArray(MODELS);
    catalog.models().values().forEach(model -> write(model, models.addObject()));
    return StateCodec.encode(key, json);
  }

  static byte[] encode(ModelInfo model) {
    ObjectNode json = StateCodec.object();
    write(model, json);
    return StateCodec.encode(ModelCatalogStore.KEY, json);
  }

  static ModelCatalog decode(ObjectKey key, byte[] body) {
    return StateCodec.decode(key, body, ModelCatalogCodec::read);
  }

  private static void write(ModelInfo model, ObjectNode json) {
    json.put(ID, model.id().toHex()).put(NAME, model.name());
    ArrayNode tags = json.putArray(TAGS);
    model.tags().forEach(tags::add);
    json.put(TYPE, model.type().name()).put(READ_AT_BLOCK, model.readAtBlock());
    if (model.generation() > 0) {
      json.put(StateCodec.GENERATION, model.generation());
    }
  }

  private static ModelCatalog read(ObjectNode json) {
    StateCodec.requireVersion(json, VERSION);
    SortedMap<Hash32, ModelInfo> models = new TreeMap<>();
    for (JsonNode node : StateCodec.array(json, MODELS)) {
      ModelInfo model = model(node);
      if (models.put(model.id(), model) != null) {
        throw new IllegalArgumentException("model %s is there twice".formatted(model.id()));
      }
    }
    return new ModelCatalog(models);
  }

  private static ModelInfo model(JsonNode node) {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : StateCodec.array(node, TAGS)) {
      if (!tag.isTextual()) {
        throw new IllegalArgumentException("a tag is not a text");
      }
      tags.add(tag.textValue());
    }
    return new ModelInfo(
        Hash32.fromHex(StateCodec.text(node, ID)),
        StateCodec.text(node, NAME),
        tags,
        node.has(TYPE) ? ModelType.valueOf(StateCodec.text(node, TYPE)) : ModelType.of(tags),
        StateCodec.whole(node, READ_AT_BLOCK),
        StateCodec.generation(node));
  }
}
