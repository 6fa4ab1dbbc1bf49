package org.mor.throughput.adapter.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;
import org.mor.throughput.publish.Invalidator.InvalidationFailedException;
import org.mor.throughput.testing.ForeignAws;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Secrets Manager and CloudFront as others play them, in the formats of the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignAwsTest {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

  private final String id = "throughput-" + System.nanoTime();
  private @Nullable ForeignAws aws;

  @BeforeAll
  void find() {
    aws = ForeignAws.find().orElse(null);
  }

  @BeforeEach
  void requireOne() {
    assumeTrue(aws != null, ForeignAws.ABSENT);
  }

  @AfterAll
  void stop() {
    if (aws != null) {
      aws.stop().run();
    }
  }

  @Test
  void aSecretIsReadAsItWasPutAndAnotherIsMissing() {
    try (SecretsManagerClient writer = writer();
        SecretsManagerSource source =
            new SecretsManagerSource("us-east-2", Optional.of(aws().endpoint()), CREDENTIALS)) {
      writer.createSecret(r -> r.name(id).secretString("https://h.example.com/first\n"));
      assertThat(source.read(id)).isEqualTo("https://h.example.com/first");
      writer.putSecretValue(r -> r.secretId(id).secretString("https://h.example.com/second"));
      assertThat(source.read(id)).isEqualTo("https://h.example.com/second");
      assertThatThrownBy(() -> source.read(id + "-no"))
          .isInstanceOf(SecretUnavailableException.class)
          .hasMessageContaining("next: check the name in RPC_SECRET_ID");
    }
  }

  @Test
  void anInvalidationIsMadeOfThePathAlone() {
    assumeTrue(aws().hasCloudFront(), "skipped: LocalStack without a licence has no CloudFront");
    try (CloudFrontClient client = cdn()) {
      String distribution = distribution(client);
      try (CloudFrontInvalidator cdn = invalidator(distribution)) {
        cdn.invalidate("/api/throughput/*", "run-1");
      }
      String made =
          client
              .listInvalidations(r -> r.distributionId(distribution))
              .invalidationList()
              .items()
              .get(0)
              .id();
      assertThat(
              client
                  .getInvalidation(r -> r.distributionId(distribution).id(made))
                  .invalidation()
                  .invalidationBatch()
                  .paths()
                  .items())
          .containsExactly("/api/throughput/*");
      try (CloudFrontInvalidator nobody = invalidator("ENOBODY")) {
        assertThatThrownBy(() -> nobody.invalidate("/api/throughput/*", "run-2"))
            .isInstanceOf(InvalidationFailedException.class)
            .hasMessageContaining("next: correct CLOUDFRONT_DISTRIBUTION_ID");
      }
    }
  }

  private CloudFrontInvalidator invalidator(String distribution) {
    return new CloudFrontInvalidator(distribution, Optional.of(aws().endpoint()), CREDENTIALS);
  }

  private static String distribution(CloudFrontClient client) {
    return client
        .createDistribution(
            r ->
                r.distributionConfig(
                    c ->
                        c.callerReference("once-" + System.nanoTime())
                            .comment("")
                            .enabled(true)
                            .origins(
                                o ->
                                    o.quantity(1)
                                        .items(
                                            Origin.builder()
                                                .id("bucket")
                                                .domainName("bucket.s3.amazonaws.com")
                                                .s3OriginConfig(n -> n.originAccessIdentity(""))
                                                .build()))
                            .defaultCacheBehavior(
                                b ->
                                    b.targetOriginId("bucket")
                                        .viewerProtocolPolicy(
                                            ViewerProtocolPolicy.REDIRECT_TO_HTTPS))))
        .distribution()
        .id();
  }

  private SecretsManagerClient writer() {
    return SecretsManagerClient.builder()
        .region(Region.US_EAST_2)
        .credentialsProvider(CREDENTIALS)
        .endpointOverride(aws().endpoint())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private CloudFrontClient cdn() {
    return CloudFrontClient.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(CREDENTIALS)
        .endpointOverride(aws().endpoint())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private ForeignAws aws() {
    return Objects.requireNonNull(aws);
  }
}
