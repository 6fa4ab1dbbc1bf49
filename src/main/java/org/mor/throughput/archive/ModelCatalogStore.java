package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.base.Patience;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the model catalog; it never forgets a model. The first models are at {@code
 * state/models.json}. Anybody may register more of them, so an object takes {@value #MOST_MODELS}
 * and the rest goes on into {@code state/models/X.json} by the first hex digit of the id, from
 * there into {@code state/models/XY.json}, and so on: no object outgrows what can be read back, and
 * no model makes room for another.
 */
public final class ModelCatalogStore {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogStore.class);

  public static final ObjectKey KEY = new ObjectKey("state/models.json");

  /** What the keys of all further objects begin with. */
  public static final String PARTS = "state/models/";

  /** How many models an object takes: with the longest texts about 3.5 MB. */
  static final int MOST_MODELS = 256;

  /** Half of what can be read back: an object of an earlier version may hold any number. */
  private static final long MOST_BYTES = StateJson.MAX_BYTES / 2;

  private final ObjectStore store;
  private final Patience retry;

  public ModelCatalogStore(ObjectStore store, Patience retry) {
    this.store = store;
    this.retry = retry;
  }

  /**
   * The stored catalog; {@link ModelCatalog#EMPTY} when nothing is stored.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public ModelCatalog find() {
    ModelCatalog all = at(KEY).find();
    for (ObjectKey key : store.keys(PARTS)) {
      all = all.merge(at(key).find().models().values());
    }
    return all;
  }

  /**
   * Adds what was read; nothing is written when it changes nothing.
   *
   * @return the catalog as it is stored now, as far as it was looked into
   */
  public ModelCatalog merge(Collection<ModelInfo> models) {
    return merge("", models);
  }

  /** The same for names to show: where they cannot be stored, the log says so. */
  public void keep(Collection<ModelInfo> models) {
    try {
      merge(models);
    } catch (CorruptObjectException e) {
      LOG.warn(
          "Names and tags of {} models were not kept; the rows are stored: {}",
          models.size(),
          e.getMessage());
    }
  }

  private ModelCatalog merge(String digits, Collection<ModelInfo> models) {
    ObjectKey key = digits.isEmpty() ? KEY : new ObjectKey(PARTS + digits + ".json");
    List<ModelInfo> left = new ArrayList<>();
    ModelCatalog all = at(key).update(known -> fit(known, models, left));
    Map<String, List<ModelInfo>> deeper = new TreeMap<>();
    for (ModelInfo model : left) {
      String id = model.id().toHex().substring(2);
      deeper
          .computeIfAbsent(id.substring(0, digits.length() + 1), next -> new ArrayList<>())
          .add(model);
    }
    for (Map.Entry<String, List<ModelInfo>> next : deeper.entrySet()) {
      all = all.merge(merge(next.getKey(), next.getValue()).models().values());
    }
    return all;
  }

  /** Adds as many models as there is room for, and gives the others to {@code left}. */
  private static ModelCatalog fit(
      ModelCatalog known, Collection<ModelInfo> models, List<ModelInfo> left) {
    left.clear();
    long bytes = known.models().values().stream().mapToLong(ModelCatalogStore::size).sum();
    ModelCatalog catalog = known;
    for (ModelInfo model : ModelCatalog.EMPTY.merge(models).models().values()) {
      Optional<ModelInfo> before = catalog.find(model.id());
      ModelCatalog with = catalog.merge(List.of(model));
      ModelInfo newest = with.find(model.id()).orElseThrow();
      long after = bytes + size(newest) - before.map(ModelCatalogStore::size).orElse(0L);
      boolean isFull = before.isEmpty() && catalog.models().size() >= MOST_MODELS;
      if (isFull || (after > bytes && after > MOST_BYTES)) {
        left.add(newest);
      } else {
        catalog = with;
        bytes = after;
      }
    }
    return catalog;
  }

  private static long size(ModelInfo model) {
    return model.json().length + 1L;
  }

  private StateObject<ModelCatalog> at(ObjectKey key) {
    return new StateObject<>(store, retry, ModelCatalog.form(key));
  }
}
