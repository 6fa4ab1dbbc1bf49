package org.mor.throughput.adapter.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStoreContract;
import org.mor.throughput.testing.ForeignAws;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The contract against an S3 server that is not ours: the one that the property {@code
 * s3.test.endpoint} (or S3_TEST_ENDPOINT) names, else LocalStack in a container, else skipped.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalStackObjectStoreTest extends ObjectStoreContract {
  private final AtomicInteger stores = new AtomicInteger();
  private @Nullable ForeignAws server;
  private @Nullable S3Client client;
  private @Nullable S3ObjectStore store;

  @BeforeAll
  void findServer() {
    server = ForeignAws.find().orElse(null);
    if (server != null) {
      client = TestStores.client(server.endpoint());
      client.createBucket(r -> r.bucket(TestStores.BUCKET));
    }
  }

  @BeforeEach
  void openUnderAPrefixOfItsOwn() {
    assumeTrue(client != null, ForeignAws.ABSENT);
    String prefix = "run-%d/%d/".formatted(System.nanoTime(), stores.incrementAndGet());
    store = TestStores.store(Objects.requireNonNull(client), prefix);
  }

  @AfterAll
  void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.stop().run();
    }
  }

  @Override
  protected ObjectStore store() {
    return Objects.requireNonNull(store);
  }
}
