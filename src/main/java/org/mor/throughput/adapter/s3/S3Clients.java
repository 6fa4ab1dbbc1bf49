package org.mor.throughput.adapter.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculationResolver;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidationResolver;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Builds the SDK's client so that what it does on its own is known. */
final class S3Clients {
  /** Holds the status of an answer that {@link ErrorBelowSuccess} turned into an error. */
  static final String ANSWERED_STATUS = "x-answered-status";

  private S3Clients() {}

  /** How long to wait for a connection, for the next byte, and for a whole call. */
  record Timeouts(Duration connect, Duration silence, Duration call) {
    /** A whole call may carry a partition of tens of megabytes over an operator's home line. */
    static final Timeouts STANDARD =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
  }

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
                        .apiCallTimeout(timeouts.call())
                        .addExecutionInterceptor(new ErrorBelowSuccess()));
    endpoint.ifPresent(uri -> otherServer(builder, uri));
    return builder.build();
  }

  /**
   * Many servers other than AWS refuse the SDK's checksum headers and trailers, or store the
   * chunks' framing as content. So checksums are sent only where the operation requires one, unless
   * the SDK's own settings (AWS_REQUEST_CHECKSUM_CALCULATION) say otherwise. The signature covers
   * the body over http, and TLS protects it over https.
   */
  private static void otherServer(S3ClientBuilder builder, URI endpoint) {
    Supplier<ProfileFile> profiles = ProfileFile::defaultProfileFile;
    String profile = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    RequestChecksumCalculation sent =
        RequestChecksumCalculationResolver.create()
            .profileFile(profiles)
            .profileName(profile)
            .defaultChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .resolve();
    builder
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .requestChecksumCalculation(sent)
        .responseChecksumValidation(
            ResponseChecksumValidationResolver.create()
                .profileFile(profiles)
                .profileName(profile)
                .defaultChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .resolve())
        .serviceConfiguration(
            c -> c.chunkedEncodingEnabled(sent == RequestChecksumCalculation.WHEN_SUPPORTED));
  }

  /**
   * Reads a put's answer without an ETag as an error, whatever its status: the error's code and
   * message are in the body, where the SDK does not look below a status 200.
   */
  private static final class ErrorBelowSuccess implements ExecutionInterceptor {
    @Override
    public SdkHttpResponse modifyHttpResponse(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      SdkHttpResponse response = context.httpResponse();
      boolean proven =
          response.firstMatchingHeader("ETag").filter(tag -> !tag.isBlank()).isPresent();
      if (proven || !response.isSuccessful() || !(context.request() instanceof PutObjectRequest)) {
        return response;
      }
      return response.toBuilder()
          .statusCode(500)
          .putHeader(ANSWERED_STATUS, Integer.toString(response.statusCode()))
          .build();
    }
  }
}
