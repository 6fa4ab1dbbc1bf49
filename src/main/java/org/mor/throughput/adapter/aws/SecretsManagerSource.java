package org.mor.throughput.adapter.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** Secrets kept in AWS Secrets Manager of one region. */
public final class SecretsManagerSource implements SecretSource, AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

  private final SecretsManagerClient client;
  private final String region;

  /** Reads from {@code endpoint} when there is one, else from the region's own. */
  public SecretsManagerSource(
      String region, Optional<URI> endpoint, AwsCredentialsProvider credentials) {
    SecretsManagerClientBuilder builder =
        SecretsManagerClient.builder()
            .region(Region.of(region))
            .credentialsProvider(credentials)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.apiCallTimeout(CALL_TIMEOUT));
    endpoint.ifPresent(builder::endpointOverride);
    this.client = builder.build();
    this.region = region;
  }

  @Override
  public String read(String id) {
    String text;
    try {
      text = client.getSecretValue(request -> request.secretId(id)).secretString();
    } catch (AwsServiceException e) {
      throw new SecretUnavailableException(
          "Reading secret %s in %s: %s%n%s".formatted(id, region, answer(e), next(e)),
          isPassing(e),
          e);
    } catch (SdkException e) {
      throw new SecretUnavailableException(
          "Reading secret %s in %s: %s%nnext: check the network and the credentials in use"
              .formatted(id, region, e.getMessage()),
          true,
          e);
    }
    if (text == null || text.isBlank()) {
      throw new SecretUnavailableException(
          "Reading secret %s in %s: it holds no text%nnext: put its value there as plain text, docs/operations.md says how"
              .formatted(id, region));
    }
    return text.strip();
  }

  private static String answer(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
    return "status " + e.statusCode() + code;
  }

  private static boolean isPassing(AwsServiceException e) {
    return e.isThrottlingException() || e.statusCode() >= 500;
  }

  private static String next(AwsServiceException e) {
    if (isPassing(e)) {
      return "next: run it again, the service was busy";
    }
    boolean missing =
        e.awsErrorDetails() != null
            && "ResourceNotFoundException".equals(e.awsErrorDetails().errorCode());
    return missing
        ? "next: check the name in RPC_SECRET_ID or USER_HASH_KEY_SECRET_ID and AWS_REGION, or create the secret"
        : "next: check that the credentials in use may read this secret";
  }

  @Override
  public void close() {
    client.close();
  }
}
