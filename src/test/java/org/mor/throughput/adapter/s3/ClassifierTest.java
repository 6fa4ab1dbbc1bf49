package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.adapter.s3.Classifier.Kind;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class ClassifierTest {
  @ParameterizedTest
  @CsvSource({
    "412, PreconditionFailed, CONFLICT",
    "200, PreconditionFailed, CONFLICT",
    "409, ConditionalRequestConflict, CONFLICT",
    "409, OperationAborted, CONFLICT",
    "404, NoSuchKey, NO_SUCH_KEY",
    "404, NoSuchBucket, NO_SUCH_BUCKET",
    "403, AccessDenied, DENIED",
    "403, AllAccessDisabled, DENIED",
    "403, InvalidAccessKeyId, CREDENTIALS",
    "403, SignatureDoesNotMatch, CREDENTIALS",
    "400, ExpiredToken, CREDENTIALS",
    "400, InvalidToken, CREDENTIALS",
    "403, RequestTimeTooSkewed, WRONG_CLOCK",
    "400, AuthorizationHeaderMalformed, WRONG_REGION",
    "301, PermanentRedirect, WRONG_REGION",
    "501, NotImplemented, REJECTED",
    "400, InvalidRequest, REJECTED",
    "405, MethodNotAllowed, READ_ONLY",
    "403, QuotaExceeded, FULL",
    "400, XMinioAdminBucketQuotaExceeded, FULL",
    "507, XMinioStorageFull, FULL",
    "400, XAmzContentSHA256Mismatch, DAMAGED",
    "400, BadDigest, DAMAGED",
    "400, IncompleteBody, DAMAGED",
    "503, SlowDown, SLOW_DOWN",
    "200, SlowDown, SLOW_DOWN",
    "400, RequestTimeout, UNKNOWN",
    "500, InternalError, UNKNOWN",
    "503, ServiceUnavailable, UNKNOWN",
  })
  void theCodeDecidesFirst(int status, String code, Kind kind) {
    assertThat(Classifier.classify(answer(status, code))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "304, CONFLICT",
    "409, CONFLICT",
    "412, CONFLICT",
    "401, DENIED",
    "403, DENIED",
    "404, REJECTED",
    "301, WRONG_REGION",
    "307, WRONG_REGION",
    "400, REJECTED",
    "408, UNKNOWN",
    "429, SLOW_DOWN",
    "500, UNKNOWN",
    "405, READ_ONLY",
    "501, REJECTED",
    "507, FULL",
    "502, UNKNOWN",
    "503, UNKNOWN",
    "504, UNKNOWN",
    "200, UNKNOWN",
  })
  void withoutAKnownCodeTheStatusDecides(int status, Kind kind) {
    assertThat(Classifier.classify(answer(status, "SomethingNew"))).isEqualTo(kind);
    assertThat(Classifier.classify(S3Exception.builder().statusCode(status).build()))
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @MethodSource("withoutAnswer")
  void withoutAnAnswerOnlyWhatCannotHaveBeenSentIsKnown(SdkException error, Kind kind) {
    assertThat(Classifier.classify(error)).isEqualTo(kind);
  }

  static Stream<Arguments> withoutAnswer() {
    return Stream.of(
        Arguments.of(broken(new UnknownHostException("bucket")), Kind.NOT_SENT),
        Arguments.of(broken(new ConnectException("refused")), Kind.NOT_SENT),
        Arguments.of(broken(new SocketTimeoutException("Read timed out")), Kind.UNKNOWN),
        Arguments.of(broken(new SocketException("Connection reset")), Kind.UNKNOWN),
        Arguments.of(broken(new IOException("Error writing request")), Kind.UNKNOWN),
        Arguments.of(ApiCallTimeoutException.create(300_000), Kind.UNKNOWN),
        Arguments.of(
            SdkClientException.create("Unable to load credentials from any of the providers"),
            Kind.CREDENTIALS));
  }

  private static SdkException broken(IOException cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  private static SdkException answer(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }
}
