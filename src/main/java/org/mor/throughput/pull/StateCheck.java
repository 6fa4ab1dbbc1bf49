package org.mor.throughput.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.archive.UnsafeReadings;
import org.mor.throughput.base.Patience;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** Reads state as every other command would. */
final class StateCheck {
  private StateCheck() {}

  /** What is wrong with each object that cannot be read. */
  static List<CorruptObjectException> faults(Map<ObjectKey, byte[]> state) {
    MemoryObjectStore store = new MemoryObjectStore();
    state.forEach((key, body) -> store.create(key, body, ObjectAttributes.PRIVATE_JSON));
    Patience none = Patience.none();
    List<CorruptObjectException> faults = new ArrayList<>();
    for (Runnable reading :
        List.<Runnable>of(
            () -> new ModelCatalogStore(store, none).find(),
            () -> new ProofStore(store, none).find(),
            () -> new SuspectStore(store, none).find(),
            () -> new UnsafeReadings(store, none).find(),
            () -> new CoverageStore(store, none).find(),
            () -> new CursorStore(store, none).find())) {
      try {
        reading.run();
      } catch (CorruptObjectException e) {
        faults.add(e);
      }
    }
    return faults;
  }
}
