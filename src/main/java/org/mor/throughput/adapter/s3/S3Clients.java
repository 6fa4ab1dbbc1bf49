package org.mor.throughput.adapter.s3;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Builds the SDK's client so that what it does on its own is known. */
final class S3Clients {
  private S3Clients() {}

  /**
   * A client without retries of its own: a put that landed and lost its answer would, sent again,
   * fail on its own write. Path-style addresses when an endpoint is given.
   */
  static S3Client create(
      Region region,
      Optional<URI> endpoint,
      AwsCredentialsProvider credentials,
      Timeouts timeouts) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timeouts.connect())
                    .socketTimeout(timeouts.silence()))
            .overrideConfiguration(
                c ->
                    c.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(timeouts.call()));
    endpoint.ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
    return builder.build();
  }
}
