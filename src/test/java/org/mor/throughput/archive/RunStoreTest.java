package org.mor.throughput.archive;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;

class RunStoreTest {
  @Nested
  class InMemory extends RunStoreContract {
    private final ObjectStore store = new MemoryObjectStore();

    @Override
    protected ObjectStore store() {
      return store;
    }
  }

  @Nested
  class InFiles extends RunStoreContract {
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    @TempDir
    private java.nio.file.Path directory;

    @Override
    protected ObjectStore store() {
      return new FileObjectStore(directory);
    }
  }
}
