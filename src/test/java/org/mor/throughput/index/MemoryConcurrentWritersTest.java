package org.mor.throughput.index;

import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;

class MemoryConcurrentWritersTest extends ConcurrentWritersContract {
  private final ObjectStore store = new MemoryObjectStore();

  @Override
  protected ObjectStore client() {
    return store;
  }
}
