package org.mor.throughput.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** Takes rows out of a store by hand, which the indexer itself never does. */
public final class StoredRows {
  private StoredRows() {}

  public static MemoryObjectStore copy(ObjectStore store) {
    MemoryObjectStore copy = new MemoryObjectStore();
    for (ObjectInfo info : store.list("")) {
      copy.create(
          info.key(), store.find(info.key()).orElseThrow().body(), ObjectAttributes.PRIVATE_GZIP);
    }
    return copy;
  }

  /** Drops the n-th open of all, from 0 on. */
  public static void dropOpen(ObjectStore store, int n) {
    drop(store, "raw/opens/", n);
  }

  /** Drops the n-th close of all, from 0 on. */
  public static void dropClose(ObjectStore store, int n) {
    drop(store, "raw/closes/", n);
  }

  private static void drop(ObjectStore store, String prefix, int n) {
    int before = 0;
    for (ObjectInfo info : store.list(prefix)) {
      StoredObject stored = store.find(info.key()).orElseThrow();
      List<String> lines = new ArrayList<>(lines(stored.body()));
      if (n - before < lines.size()) {
        lines.remove(n - before);
        store.replace(info.key(), gzip(lines), stored.version(), ObjectAttributes.PRIVATE_GZIP);
        return;
      }
      before += lines.size();
    }
    throw new IllegalArgumentException("There are only %d rows".formatted(before));
  }

  public static ObjectKey opens(Month month) {
    return new ObjectKey("raw/opens/" + month + ".ndjson.gz");
  }

  public static boolean isOpens(ObjectKey key) {
    return key.value().startsWith("raw/opens/");
  }

  /** The rows of a partition as text. */
  public static String text(byte[] gzip) {
    return String.join("\n", lines(gzip));
  }

  /**
   * What is written of an object, without how often the store was rewound, where commits ended, and
   * the hashes of documents and versions of partitions, which depend on that.
   */
  public static String lasting(String text) {
    return text.replaceAll("(,\"generation\":|\"store-generation\" content=\")\\d+", "")
        .replaceAll(",\"rewind\":\\{[^}]*}", "")
        .replaceAll(",\"hosts\":.*", "}")
        .replaceAll("\"version\":\"[^\"]*\",", "")
        .replaceAll("\"[0-9a-f]{64}\"", "\"\"");
  }

  /** All lines below a prefix. */
  public static List<String> lines(ObjectStore store, String prefix) {
    List<String> lines = new ArrayList<>();
    store
        .list(prefix)
        .forEach(info -> lines.addAll(lines(store.find(info.key()).orElseThrow().body())));
    return lines;
  }

  /** The store, which notes every object that is read from it. */
  public static ObjectStore watched(ObjectStore store, List<ObjectKey> read) {
    return new ObjectStore() {
      @Override
      public Optional<StoredObject> find(ObjectKey key) {
        read.add(key);
        return store.find(key);
      }

      @Override
      public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
        return store.create(key, body, attributes);
      }

      @Override
      public ObjectVersion replace(
          ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
        return store.replace(key, body, expected, attributes);
      }

      @Override
      public List<ObjectInfo> list(String prefix) {
        return store.list(prefix);
      }

      @Override
      public String location() {
        return store.location();
      }
    };
  }

  private static List<String> lines(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(List<String> lines) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(body)) {
      for (String line : lines) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body.toByteArray();
  }
}
