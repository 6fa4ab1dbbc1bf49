package org.mor.throughput.adapter.file;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.archive.ContentionContract;
import org.mor.throughput.store.ObjectStore;

class FileContentionTest extends ContentionContract {
  private final Path directory;

  FileContentionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected ObjectStore client() {
    return new FileObjectStore(directory);
  }
}
