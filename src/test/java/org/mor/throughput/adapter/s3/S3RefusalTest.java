package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.testing.StrictS3Server;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

class S3RefusalTest {
  private static final ObjectKey KEY = new ObjectKey("a.json");
  private static final AwsCredentialsProvider NOBODY =
      () -> {
        throw new AssertionError("nobody is contacted");
      };

  private final StrictS3Server server = StrictS3Server.start(TestStores.BUCKET);

  @AfterEach
  void stop() {
    server.close();
  }

  private S3ObjectStore store(StoreLocation.Bucket place, long maxBytes) {
    return new S3ObjectStore(
        TestStores.client(server.endpoint()), place, Backoff.standard(), maxBytes);
  }

  @Test
  void aBucketThatIsNotThereIsRefusedForEveryOperation() {
    try (S3ObjectStore store = store(new StoreLocation.Bucket("no-such-bucket", "p/"), 1000)) {
      assertThatThrownBy(() -> store.find(KEY))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessage(
              "Reading s3://no-such-bucket/p/a.json: S3 answered 404 NoSuchBucket; next: create the bucket, or correct STORE");
      assertThatThrownBy(() -> store.list("")).isInstanceOf(StoreRefusedException.class);
      assertThatThrownBy(() -> store.create(KEY, new byte[1], PRIVATE_JSON))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("create the bucket");
    }
  }

  @Test
  void anObjectBeyondTheBoundIsNotRead() {
    try (S3ObjectStore store = store(new StoreLocation.Bucket(TestStores.BUCKET, ""), 1000)) {
      store.create(KEY, new byte[1001], PRIVATE_JSON);

      assertThatThrownBy(() -> store.find(KEY))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("1001 bytes, more than the 1000");
    }
  }

  @Test
  void missingCredentialsSayHowToSetThem() {
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create(
              "Unable to load credentials from any of the providers in the chain x".repeat(9));
        };
    var client =
        S3Clients.create(Region.US_EAST_1, Optional.of(server.endpoint()), none, Timeouts.STANDARD);
    var place = new StoreLocation.Bucket(TestStores.BUCKET, "");

    try (S3ObjectStore store = new S3ObjectStore(client, place, Backoff.standard(), 1000)) {
      assertThatThrownBy(() -> store.find(KEY))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
      assertThatThrownBy(() -> store.create(KEY, new byte[1], PRIVATE_JSON))
          .isInstanceOf(StoreRefusedException.class);
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void openingContactsNobody() {
    var place = new StoreLocation.Bucket(TestStores.BUCKET, "p/");
    try (S3ObjectStore store =
        S3ObjectStore.open(place, "eu-west-1", Optional.of(server.endpoint()), NOBODY)) {
      assertThat(store.location()).isEqualTo("s3://test-bucket/p/");
    }
    assertThat(server.requests()).isEmpty();
  }
}
