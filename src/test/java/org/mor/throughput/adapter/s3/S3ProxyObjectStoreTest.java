package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStoreContract;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The contract against S3Proxy, which checks signatures, the chunked upload and its checksum as S3
 * does. Not the race contract: its conditions are not atomic between threads.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ProxyObjectStoreTest extends ObjectStoreContract {
  private final S3Proxy server;
  private final URI endpoint;
  private final S3Client client;
  private final AtomicInteger stores = new AtomicInteger();
  private S3ObjectStore store;

  S3ProxyObjectStoreTest() throws Exception {
    server =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "test", "test")
            .build();
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getPort());
    client = TestStores.client(endpoint);
    client.createBucket(r -> r.bucket(TestStores.BUCKET));
    store = TestStores.store(client, "");
  }

  @BeforeEach
  void openUnderAPrefixOfItsOwn() {
    store = TestStores.store(client, "test-%d/".formatted(stores.incrementAndGet()));
  }

  @AfterAll
  void stop() throws Exception {
    client.close();
    server.stop();
  }

  @Override
  protected ObjectStore store() {
    // It may answer a put and hang up before it has taken the last bytes, the checksum's trailer;
    // the object is there then, and the client knows only that its writing failed.
    return new ReadingAgainStore(store);
  }

  @Test
  void aWrongSecretIsRefusedWithWhatToSet() {
    S3Client forger =
        S3Clients.create(
            Region.US_EAST_1,
            Optional.of(endpoint),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "wrong")),
            Timeouts.STANDARD);
    try (S3ObjectStore forged = TestStores.store(forger, "api/throughput/")) {
      assertThatThrownBy(() -> forged.find(key("a.json")))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("SignatureDoesNotMatch")
          .hasMessageContaining("AWS_SECRET_ACCESS_KEY");
    }
  }

  @Test
  void aMissingBucketIsRefused() {
    var place = new StoreLocation.Bucket("no-such-bucket", "");
    S3ObjectStore nowhere = new S3ObjectStore(client, place, Backoff.standard(), 1000);

    assertThatThrownBy(() -> nowhere.find(key("a.json")))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("NoSuchBucket");
  }
}
