package org.mor.throughput.adapter.s3;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.testing.VirtualTime;
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
        new S3Clients.Timeouts(Duration.ofSeconds(5), silence, LONG));
  }

  static S3Client client(URI endpoint) {
    return client(endpoint, LONG);
  }

  static S3ObjectStore store(S3Client client, String prefix) {
    return store(client, prefix, new ArrayList<>());
  }

  /** A store whose pauses, as long as they may get, end up in a list. */
  static S3ObjectStore store(S3Client client, String prefix, List<Duration> pauses) {
    return new S3ObjectStore(
        client, new StoreLocation.Bucket(BUCKET, prefix), calls(4, pauses::add), 16L << 20);
  }

  /** Calls whose pauses, as long as they may get, are told and not waited for. */
  static S3Calls calls(int tries, Consumer<Duration> pause) {
    return new S3Calls(
        tries,
        new Backoff(
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            ceiling -> ceiling,
            new VirtualTime(Instant.EPOCH, pause)));
  }
}
