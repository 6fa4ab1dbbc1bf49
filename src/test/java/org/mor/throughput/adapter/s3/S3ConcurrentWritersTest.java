package org.mor.throughput.adapter.s3;

import org.junit.jupiter.api.AfterEach;
import org.mor.throughput.index.ConcurrentWritersContract;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.StrictS3Server;

class S3ConcurrentWritersTest extends ConcurrentWritersContract {
  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected ObjectStore client() {
    return TestStores.store(TestStores.client(server.endpoint()), "api/throughput/");
  }
}
