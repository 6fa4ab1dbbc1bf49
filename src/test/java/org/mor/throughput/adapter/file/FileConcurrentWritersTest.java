package org.mor.throughput.adapter.file;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.index.ConcurrentWritersContract;
import org.mor.throughput.store.ObjectStore;

class FileConcurrentWritersTest extends ConcurrentWritersContract {
  private final Path directory;

  FileConcurrentWritersTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected ObjectStore client() {
    return new FileObjectStore(directory);
  }
}
