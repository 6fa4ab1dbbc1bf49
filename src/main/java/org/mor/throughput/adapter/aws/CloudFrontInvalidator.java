package org.mor.throughput.adapter.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.mor.throughput.publish.Invalidator;
import org.mor.throughput.publish.Invalidator.InvalidationFailedException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.CloudFrontClientBuilder;

/** One CloudFront distribution. */
public final class CloudFrontInvalidator implements Invalidator, AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

  private final CloudFrontClient client;
  private final String distribution;

  /** Asks {@code endpoint} when there is one, else CloudFront, which is the same in all regions. */
  public CloudFrontInvalidator(
      String distribution, Optional<URI> endpoint, AwsCredentialsProvider credentials) {
    CloudFrontClientBuilder builder =
        CloudFrontClient.builder()
            .region(Region.US_EAST_1) // where CloudFront signs, whatever region is used
            .credentialsProvider(credentials)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_TIMEOUT));
    endpoint.ifPresent(builder::endpointOverride);
    this.client = builder.build();
    this.distribution = distribution;
  }

  @Override
  public void invalidate(String path, String reference) {
    try {
      client.createInvalidation(
          request ->
              request
                  .distributionId(distribution)
                  .invalidationBatch(
                      batch ->
                          batch
                              .callerReference(reference)
                              .paths(paths -> paths.quantity(1).items(path))));
    } catch (AwsServiceException e) {
      throw failed(path, answer(e), next(e), e);
    } catch (SdkException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw failed(path, "no answer (" + said + ")", "check the network and the credentials", e);
    }
  }

  private InvalidationFailedException failed(
      String path, String answer, String next, SdkException cause) {
    return new InvalidationFailedException(
        "Invalidating %s of distribution %s: %s; next: %s"
            .formatted(path, distribution, answer, next),
        cause);
  }

  private static String answer(AwsServiceException e) {
    return "CloudFront answered %d %s".formatted(e.statusCode(), code(e)).strip();
  }

  private static String next(AwsServiceException e) {
    return switch (code(e)) {
      case "NoSuchDistribution" -> "correct CLOUDFRONT_DISTRIBUTION_ID";
      case "AccessDenied" -> "allow cloudfront:CreateInvalidation on this distribution";
      case "TooManyInvalidationsInProgress" -> "nothing: the next run asks again";
      default -> "documents expire by themselves within a minute; look at CloudFront's status";
    };
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
        ? ""
        : e.awsErrorDetails().errorCode();
  }

  @Override
  public void close() {
    client.close();
  }
}
