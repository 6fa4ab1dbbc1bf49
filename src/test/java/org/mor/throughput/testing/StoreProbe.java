package org.mor.throughput.testing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** A store that tells of every operation, numbered from 1, before and after it is carried out. */
public class StoreProbe implements ObjectStore {
  private final ObjectStore store;
  private final IntConsumer before;
  private final IntConsumer after;
  private int operations;

  public StoreProbe(ObjectStore store, IntConsumer before, IntConsumer after) {
    this.store = store;
    this.before = before;
    this.after = after;
  }

  private static final String VERSIONS = "\"version\":\"(\\\\.|[^\"\\\\])*\",";

  /** Where commits ended, which is for each run to choose. */
  private static final String KEPT = ",\"hosts\":.*";

  /**
   * Everything but the cursor, as hex: what two runs must agree on to the byte. The proof says
   * which versions of the partitions it read, and coverage where commits ended; these are left out.
   */
  public static Map<String, String> content(ObjectStore store) {
    Map<String, String> content = new TreeMap<>();
    for (ObjectInfo info : store.list("")) {
      if (!info.key().value().equals("state/cursor.json")) {
        byte[] body = store.find(info.key()).orElseThrow().body();
        content.put(info.key().value(), lasting(info.key().value(), body));
      }
    }
    return content;
  }

  private static String lasting(String key, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return switch (key) {
      case "state/proof.json" -> text.replaceAll(VERSIONS, "");
      case "state/coverage.json" -> text.replaceAll(KEPT, "}");
      default -> HexFormat.of().formatHex(body);
    };
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    int n = enter();
    Optional<StoredObject> found = store.find(key);
    after.accept(n);
    return found;
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    int n = enter();
    ObjectVersion version = store.create(key, body, attributes);
    after.accept(n);
    return version;
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    int n = enter();
    ObjectVersion version = store.replace(key, body, expected, attributes);
    after.accept(n);
    return version;
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    int n = enter();
    List<ObjectInfo> listed = store.list(prefix);
    after.accept(n);
    return listed;
  }

  @Override
  public String location() {
    return store.location();
  }

  private int enter() {
    operations++;
    before.accept(operations);
    return operations;
  }
}
