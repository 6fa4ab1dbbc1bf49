package org.mor.throughput.archive;

import java.util.Collection;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps the model catalog at {@code state/models.json}; it never forgets a model. */
public final class ModelCatalogStore {
  public static final ObjectKey KEY = new ObjectKey("state/models.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public ModelCatalogStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * The stored catalog; {@link ModelCatalog#EMPTY} when nothing is stored.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public ModelCatalog find() {
    return store
        .find(KEY)
        .map(stored -> ModelCatalogCodec.decode(stored.body()))
        .orElse(ModelCatalog.EMPTY);
  }

  /**
   * Adds what was read; nothing is written when it changes nothing.
   *
   * @return the catalog as it is stored now
   */
  public ModelCatalog merge(Collection<ModelInfo> models) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              ModelCatalog known =
                  stored
                      .map(object -> ModelCatalogCodec.decode(object.body()))
                      .orElse(ModelCatalog.EMPTY);
              ModelCatalog next = known.merge(models);
              return new Decision<>(
                  next, next.equals(known) ? null : ModelCatalogCodec.encode(next));
            })
        .result();
  }
}
