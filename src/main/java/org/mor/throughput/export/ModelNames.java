package org.mor.throughput.export;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.ModelCatalog;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.SafeText;

/** Names and types of models by id, as they are known now, safe to show. */
record ModelNames(ModelCatalog catalog) {
  /** The newest known name, or {@code otherwise}; null when there is neither. */
  @Nullable String name(@Nullable Hash32 id, @Nullable String otherwise) {
    ModelInfo known = find(id);
    String name = known == null ? otherwise : known.name();
    return name == null ? null : SafeText.clean(name);
  }

  /** What all of the model's tags say that it does; null for a model that is not known. */
  @Nullable String type(@Nullable Hash32 id) {
    ModelInfo known = find(id);
    return known == null ? null : known.type().name();
  }

  private @Nullable ModelInfo find(@Nullable Hash32 id) {
    return id == null ? null : catalog.find(id).orElse(null);
  }
}
