package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStoreRaceContract;
import org.mor.throughput.testing.S3Exchange;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

class S3ObjectStoreStrictTest extends ObjectStoreRaceContract {
  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);
  private final S3ObjectStore store =
      TestStores.store(TestStores.client(server.endpoint()), "api/throughput/");

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void everyPutCarriesItsConditionAndItsHeaders() {
    ObjectVersion first = store.create(key("a.json"), bytes("1"), ObjectAttributes.PUBLISHED_JSON);
    store.replace(key("a.json"), bytes("2"), first, ObjectAttributes.PRIVATE_JSON);

    assertThat(server.requests(S3Operation.PUT))
        .extracting(S3Exchange::condition)
        .containsExactly("If-None-Match: *", "If-Match: " + first.token());
    assertThat(server.header("api/throughput/a.json", "Cache-Control")).contains("no-store");
    assertThat(server.header("api/throughput/a.json", "Content-Type")).contains("application/json");
  }

  @Test
  void keysAreBelowThePrefix() {
    store.create(key("raw/a.json"), bytes("1"), ObjectAttributes.PRIVATE_JSON);

    assertThat(server.objects()).containsOnlyKeys("api/throughput/raw/a.json");
  }

  @Test
  void theLocationIsBucketAndPrefix() {
    assertThat(store.location()).isEqualTo("s3://test-bucket/api/throughput/");
  }
}
