package org.mor.throughput.index;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Gzip;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Address;
import org.mor.throughput.rollup.MonthPartial;
import org.mor.throughput.rollup.MonthPartialCodec;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps partials at {@code state/partials/YYYY-MM.bin.gz}, each with the rules, the form of users
 * and the versions of the month's two partitions that it was made of. One that was made of anything
 * else, or cannot be read, is as good as absent and is written over, but for one of a later
 * generation. For one rollup.
 */
public final class StoredPartials implements PartialCache {
  private static final Logger LOG = LoggerFactory.getLogger(StoredPartials.class);
  private static final String NO_PARTITION = "none";
  private static final Address ANYBODY = Address.of(new byte[Address.SIZE]);

  private final ObjectStore store;
  private final String users;
  private final boolean renew;
  private final Map<Month, String> asked = new ConcurrentHashMap<>();
  private @Nullable Map<ObjectKey, String> versionsBefore;

  /**
   * @param privacy how users are written in what is read
   * @param renew whether all partials are made anew
   */
  public StoredPartials(ObjectStore store, UserPrivacy privacy, boolean renew) {
    this.store = store;
    // The same key gives the same hash, which tells nothing about the key.
    this.users = privacy.stored(UserId.of(ANYBODY)).toHex();
    this.renew = renew;
  }

  @Override
  public Optional<MonthPartial> find(Month month, String fingerprint) {
    String source =
        source(month, fingerprint, key -> versionsBefore().getOrDefault(key, NO_PARTITION));
    asked.put(month, source);
    return renew
        ? Optional.empty()
        : store.find(key(month)).flatMap(object -> read(object, month, source));
  }

  /**
   * Keeps a partial whose month had the same rows before it was looked for and after it was made,
   * which are then the ones it was made of.
   */
  @Override
  public void put(MonthPartial partial, String fingerprint) {
    Month month = partial.month();
    String source = source(month, fingerprint, this::versionNow);
    if (!source.equals(asked.get(month))) {
      return;
    }
    byte[] body = Gzip.encodeNumbers(MonthPartialCodec.encode(partial, source));
    try {
      write(key(month), body, PartialCache.generation(fingerprint));
    } catch (StoreConflictException | StoreOutcomeUnknownException e) {
      LOG.debug("{} was not kept, the next rollup computes it again: {}", key(month), e.toString());
    }
  }

  private void write(ObjectKey key, byte[] body, int generation) {
    Optional<StoredObject> stored = store.find(key);
    if (stored.isPresent() && generation(key, stored.get()) > generation) {
      LOG.debug("{} was not kept: the store was rewound since this rollup began", key);
    } else if (stored.isPresent()) {
      store.replace(key, body, stored.get().version(), ObjectAttributes.PRIVATE_GZIP);
    } else {
      store.create(key, body, ObjectAttributes.PRIVATE_GZIP);
    }
  }

  private static int generation(ObjectKey key, StoredObject stored) {
    try (InputStream content = Gzip.decode(key, stored.body())) {
      return PartialCache.generation(MonthPartialCodec.source(content));
    } catch (CorruptObjectException | IOException damaged) {
      return 0;
    }
  }

  private static Optional<MonthPartial> read(StoredObject object, Month month, String source) {
    try (InputStream content = Gzip.decode(key(month), object.body())) {
      return MonthPartialCodec.decode(content.readAllBytes(), month, source);
    } catch (CorruptObjectException e) {
      LOG.warn("{} cannot be read whole; its month is computed from its rows", key(month));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Reading bytes in memory", e);
    }
  }

  private String source(Month month, String fingerprint, Function<ObjectKey, String> version) {
    List<String> versions =
        Stream.of(RowKind.OPENS, RowKind.CLOSES)
            .map(kind -> version.apply(kind.key(month)))
            .toList();
    return "rules %s users %s rows %s".formatted(fingerprint, users, versions);
  }

  /** The partitions' versions before any month is read: one listing for all months together. */
  private synchronized Map<ObjectKey, String> versionsBefore() {
    if (versionsBefore == null) {
      Map<ObjectKey, String> versions = new HashMap<>();
      store
          .list(RowKind.ROOT)
          .forEach(object -> versions.put(object.key(), object.version().token()));
      versionsBefore = versions;
    }
    return versionsBefore;
  }

  private String versionNow(ObjectKey key) {
    return store.list(key.value()).stream()
        .filter(object -> object.key().equals(key))
        .map((ObjectInfo object) -> object.version().token())
        .findFirst()
        .orElse(NO_PARTITION);
  }

  static ObjectKey key(Month month) {
    return new ObjectKey("state/partials/" + month + ".bin.gz");
  }
}
