package org.mor.throughput.adapter.s3;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.mor.throughput.archive.ContentionContract;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/**
 * A server as slow as S3 that now and then refuses a write, loses its answer, or says that it is
 * busy after it has carried it out.
 */
class S3ContentionTest extends ContentionContract {
  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);

  S3ContentionTest() {
    server.delay(Duration.ofMillis(Integer.getInteger("contention.delay", 5)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected ObjectStore client() {
    return TestStores.store(TestStores.client(server.endpoint()), "api/throughput/");
  }

  @Override
  protected void disturb(Random random) {
    switch (random.nextInt(16)) {
      case 0 -> server.inject(S3Fault.lostAnswer());
      case 1 -> server.inject(S3Fault.answer(S3Operation.PUT, 409, "ConditionalRequestConflict"));
      case 2 -> server.inject(S3Fault.answer(S3Operation.PUT, 412, "PreconditionFailed"));
      case 3 -> server.inject(S3Fault.answer(S3Operation.PUT, 500, "InternalError").afterwards());
      default -> {}
    }
  }
}
