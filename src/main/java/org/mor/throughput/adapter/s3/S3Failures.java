package org.mor.throughput.adapter.s3;

import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreRefusedException;
import org.mor.throughput.store.StoreUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns a failed call into the store's exceptions; the message says what to do next. */
final class S3Failures {
  private S3Failures() {}

  /** A read that failed for good. */
  static StoreException reading(String doing, SdkException error) {
    Verdict verdict = Classifier.classify(error);
    String message = doing + ": " + answer(error);
    return switch (verdict) {
      case CONFLICT, DAMAGED, NOT_SENT, SLOW_DOWN, UNKNOWN ->
          new StoreUnavailableException(message + "; try again later", error);
      default -> new StoreRefusedException(message + "; " + advice(verdict), error);
    };
  }

  /**
   * A write that failed for good.
   *
   * @param mayHaveLanded whether an attempt before the last may have been carried out
   */
  static StoreException writing(String doing, SdkException error, boolean mayHaveLanded) {
    Verdict verdict = Classifier.classify(error);
    String message = doing + ": " + answer(error);
    if (verdict.mayHaveLanded()) {
      return unknown(message, error);
    }
    return switch (verdict) {
      // After an attempt of unknown outcome the other writer may have been ourselves.
      case CONFLICT, NO_SUCH_KEY ->
          mayHaveLanded
              ? unknown(message, error)
              : new StoreConflictException(message + "; read it again and redo", error);
      case NOT_SENT, DAMAGED ->
          mayHaveLanded
              ? unknown(message, error)
              : new StoreUnavailableException(
                  message + "; nothing was written, try again later", error);
      default -> new StoreRefusedException(message + "; " + advice(verdict), error);
    };
  }

  private static StoreException unknown(String message, SdkException error) {
    return new StoreOutcomeUnknownException(
        message + "; it may or may not have been written, read it again to know", error);
  }

  private static String answer(SdkException error) {
    if (error instanceof AwsServiceException answered) {
      String code = Classifier.code(answered);
      return "S3 answered %s%s"
          .formatted(answered.statusCode(), code.isEmpty() ? " without an error code" : " " + code);
    }
    return "no answer from S3 (%s)".formatted(brief(error));
  }

  /**
   * The start of the SDK's message; the rest, such as a tour of every provider, is in the cause.
   */
  private static String brief(SdkException error) {
    String line = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    return line.length() <= 160 ? line : line.substring(0, 160) + "...";
  }

  private static String advice(Verdict verdict) {
    return switch (verdict) {
      case NO_SUCH_BUCKET -> "create the bucket, or correct STORE";
      case DENIED ->
          "access denied by the role's rights or the bucket policy: allow s3:GetObject and"
              + " s3:PutObject below the prefix and s3:ListBucket on it (without the last a"
              + " missing key also reads as 403)";
      case CREDENTIALS ->
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run with a role";
      case WRONG_REGION -> "set AWS_REGION to the bucket's region";
      case WRONG_CLOCK -> "correct this machine's clock";
      default ->
          "check STORE and AWS_ENDPOINT_URL: the server must speak S3 and honour If-Match and"
              + " If-None-Match on a put";
    };
  }
}
