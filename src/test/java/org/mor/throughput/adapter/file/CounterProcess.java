package org.mor.throughput.adapter.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/**
 * Adds to the counter of a directory: a process of its own in a test of contention and of kills.
 */
final class CounterProcess {
  static final ObjectKey COUNTER = new ObjectKey("state/counter");

  private CounterProcess() {}

  public static void main(String[] args) {
    ObjectStore store = new FileObjectStore(Path.of(args[0]));
    System.out.println("ready");
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      increment(store);
      System.out.println("done");
    }
  }

  static void increment(ObjectStore store) {
    boolean won;
    do {
      won = tryIncrement(store);
    } while (!won);
  }

  private static boolean tryIncrement(ObjectStore store) {
    StoredObject found = store.find(COUNTER).orElseThrow();
    byte[] next = String.valueOf(count(found) + 1).getBytes(UTF_8);
    try {
      store.replace(COUNTER, next, found.version(), ObjectAttributes.PRIVATE_JSON);
      return true;
    } catch (StoreConflictException lost) {
      return false;
    }
  }

  static int count(StoredObject found) {
    return Integer.parseInt(new String(found.body(), UTF_8));
  }
}
