package org.mor.throughput.adapter.s3;

import org.junit.jupiter.api.AfterEach;
import org.mor.throughput.archive.RunStoreContract;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.StrictS3Server;

class S3RunStoreTest extends RunStoreContract {
  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);
  private final ObjectStore store =
      TestStores.store(TestStores.client(server.endpoint()), "api/throughput/");

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }
}
