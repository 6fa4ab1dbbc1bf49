package org.mor.throughput.archive;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Hash32;

/** The newest known name and tags of every model seen, by id. Immutable. */
public record ModelCatalog(SortedMap<Hash32, ModelInfo> models) {
  public static final ModelCatalog EMPTY = new ModelCatalog(new TreeMap<>());

  public ModelCatalog {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
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
      order = Arrays.compareUnsigned(ModelCatalogCodec.encode(a), ModelCatalogCodec.encode(b));
    }
    return order >= 0 ? a : b;
  }
}
