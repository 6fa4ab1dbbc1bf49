package org.mor.throughput.adapter.s3;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Stores over test servers: short time-outs, and pauses that are only noted. */
final class TestStores {
  static final String BUCKET = "test-bucket";
  private static final Duration LONG = Duration.ofSeconds(20);

  private TestStores() {}

  static S3Client client(URI endpoint, Duration silence) {
    return S3Clients.create(
        Region.US_EAST_1,
        Optional.of(endpoint),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
        new Timeouts(Duration.ofSeconds(5), silence, LONG));
  }

  static S3Client client(URI endpoint) {
    return client(endpoint, LONG);
  }

  static S3ObjectStore store(S3Client client, String prefix) {
    return store(client, prefix, new ArrayList<>());
  }

  /** A store whose pauses, as long as they may get, end up in a list. */
  static S3ObjectStore store(S3Client client, String prefix, List<Duration> pauses) {
    Backoff backoff =
        new Backoff(
            4, Duration.ofMillis(200), Duration.ofSeconds(5), pauses::add, ceiling -> ceiling);
    return new S3ObjectStore(client, new StoreLocation.Bucket(BUCKET, prefix), backoff, 16L << 20);
  }
}
