package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.session.ModelLabel.ModelType;
import org.mor.throughput.store.ObjectKey;

/**
 * The newest known name and tags of every model seen, by id. Immutable. Its JSON is {@code
 * {"version":1,"models":[{"id","name","tags","type","readAtBlock"}]}}; where {@code type} is absent
 * the tags say it. A model has {@code "generation"} where the store was rewound before it was read.
 */
public record ModelCatalog(SortedMap<Hash32, ModelInfo> models) {
  private static final int VERSION = 1;

  public static final ModelCatalog EMPTY = new ModelCatalog(new TreeMap<>());

  public ModelCatalog {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
  }

  /** How a catalog is kept under a key. */
  static StateObject.Form<ModelCatalog> form(ObjectKey key) {
    return new StateObject.Form<>(key, EMPTY, ModelCatalog::write, ModelCatalog::read);
  }

  private static ObjectNode write(ModelCatalog catalog) {
    ObjectNode json = StateJson.object(VERSION);
    ArrayNode models = json.putArray("models");
    catalog.models.values().forEach(model -> model.write(models.addObject()));
    return json;
  }

  private static ModelCatalog read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    SortedMap<Hash32, ModelInfo> models = new TreeMap<>();
    for (JsonNode node : StateJson.array(json, "models")) {
      ModelInfo model = ModelInfo.read(node);
      if (models.put(model.id(), model) != null) {
        throw new IllegalArgumentException("model %s is there twice".formatted(model.id()));
      }
    }
    return new ModelCatalog(models);
  }

  public Optional<ModelInfo> find(Hash32 id) {
    return Optional.ofNullable(models.get(id));
  }

  /**
   * The catalog with these models; of two readings of one model the one of the later generation
   * wins, then the one at the higher block, at the same block the one whose JSON is greater byte by
   * byte, so that order never matters.
   */
  public ModelCatalog merge(Collection<ModelInfo> others) {
    SortedMap<Hash32, ModelInfo> merged = new TreeMap<>(models);
    others.forEach(model -> merged.merge(model.id(), model, ModelCatalog::newer));
    return new ModelCatalog(merged);
  }

  private static ModelInfo newer(ModelInfo a, ModelInfo b) {
    int order =
        a.generation() == b.generation()
            ? Long.compare(a.readAtBlock(), b.readAtBlock())
            : Integer.compare(a.generation(), b.generation());
    if (order == 0) {
      order = Arrays.compareUnsigned(a.json(), b.json());
    }
    return order >= 0 ? a : b;
  }

  /**
   * A model's name and tags, made safe to show by whoever read them from the chain.
   *
   * @param tags the first ones, at most {@value ModelLabel#MOST_TAGS}
   * @param type what all of its tags say
   * @param readAtBlock the block whose state they were read at; a model can be renamed
   * @param generation how often the store had been rewound then
   */
  public record ModelInfo(
      Hash32 id, String name, List<String> tags, ModelType type, long readAtBlock, int generation) {
    public ModelInfo {
      tags = tags.stream().limit(ModelLabel.MOST_TAGS).toList();
      if (readAtBlock < 0 || generation < 0) {
        throw new IllegalArgumentException(
            "Model %s read at block %d in generation %d".formatted(id, readAtBlock, generation));
      }
    }

    /** What was read from a store that was never rewound, or before it is known whether it was. */
    public ModelInfo(Hash32 id, String name, List<String> tags, ModelType type, long readAtBlock) {
      this(id, name, tags, type, readAtBlock, 0);
    }

    /** With the type that its tags name. */
    public ModelInfo(Hash32 id, String name, List<String> tags, long readAtBlock) {
      this(id, name, tags, ModelType.of(tags), readAtBlock);
    }

    /** The same, read in a generation. */
    public ModelInfo in(int readInGeneration) {
      return new ModelInfo(id, name, tags, type, readAtBlock, readInGeneration);
    }

    /** Its JSON, to compare and to measure. */
    byte[] json() {
      ObjectNode json = StateJson.object();
      write(json);
      return StateJson.encode(ModelCatalogStore.KEY, json);
    }

    private void write(ObjectNode json) {
      json.put("id", id.toHex()).put("name", name);
      tags.forEach(json.putArray("tags")::add);
      json.put("type", type.name()).put("readAtBlock", readAtBlock);
      if (generation > 0) {
        json.put(StateJson.GENERATION, generation);
      }
    }

    private static ModelInfo read(JsonNode node) {
      List<String> tags = new ArrayList<>();
      for (JsonNode tag : StateJson.array(node, "tags")) {
        if (!tag.isTextual()) {
          throw new IllegalArgumentException("a tag is not a text");
        }
        tags.add(tag.textValue());
      }
      return new ModelInfo(
          StateJson.hash(node, "id"),
          StateJson.text(node, "name"),
          tags,
          node.has("type") ? ModelType.valueOf(StateJson.text(node, "type")) : ModelType.of(tags),
          StateJson.whole(node, "readAtBlock"),
          StateJson.generation(node));
    }

    /** What is shown of it. */
    public ModelLabel label() {
      return new ModelLabel(name, tags, type);
    }
  }
}
