package org.mor.throughput.archive;

import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;

class MemoryContentionTest extends ContentionContract {
  private final ObjectStore store = new MemoryObjectStore();

  @Override
  protected ObjectStore client() {
    return store;
  }
}
