package org.mor.throughput.adapter.s3;

import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns a failed call into the store's exceptions; the message says what to do next. */
final class S3Failures {
  /** Longest text of a server that a message repeats, in characters. */
  private static final int LONGEST = 300;

  private static final Pattern REGION = Pattern.compile("<Region>([A-Za-z0-9-]{1,63})</Region>");

  private S3Failures() {}

  /** A read that failed for good. */
  static StoreException reading(String doing, SdkException error) {
    Verdict verdict = Classifier.classify(error);
    String message = doing + ": " + answer(error);
    return switch (verdict) {
      case CONFLICT, DAMAGED, NOT_SENT, SLOW_DOWN, UNKNOWN ->
          new StoreUnavailableException(message + "; try again later", error);
      case READ_ONLY -> // a server that takes no GET is none of S3's
          new StoreRefusedException(message + "; " + advice(Verdict.REJECTED, error), error);
      default -> new StoreRefusedException(message + "; " + advice(verdict, error), error);
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
      default -> new StoreRefusedException(message + "; " + advice(verdict, error), error);
    };
  }

  private static StoreException unknown(String message, SdkException error) {
    return new StoreOutcomeUnknownException(
        message + "; it may or may not have been written, read it again to know", error);
  }

  /** What came back, with the server's own message. */
  static String answer(SdkException error) {
    if (!(error instanceof AwsServiceException answered)) {
      return withoutError(error);
    }
    String code = Classifier.code(answered);
    String said = said(answered);
    return "S3 answered %s %s%s"
        .formatted(
            header(answered, S3Clients.ANSWERED_STATUS)
                .map(status -> status + " without an ETag" + (code.isEmpty() ? "" : ","))
                .orElse(Integer.toString(answered.statusCode())),
            code.isEmpty() ? "without an error code" : code,
            said.isEmpty() || said.equals(code) ? "" : ": " + said);
  }

  private static String withoutError(SdkException error) {
    Verdict verdict = Classifier.classify(error);
    if (verdict == Verdict.CREDENTIALS) {
      return shortened(String.valueOf(error.getMessage()));
    }
    String said = brief(error);
    boolean silent =
        verdict == Verdict.NOT_SENT
            || error instanceof ApiCallTimeoutException
            || said.startsWith("Unable to execute HTTP request");
    return "%s from S3 (%s)".formatted(silent ? "no answer" : "no usable answer", said);
  }

  /** What the server says in its own words; the start of the body when it is no error of S3's. */
  private static String said(AwsServiceException answered) {
    String message = Classifier.message(answered);
    return shortened(
        (message.isEmpty() ? rawBody(answered) : message)
            .strip()
            .replaceAll("\\s+", " ")
            .replaceFirst("\\.$", ""));
  }

  private static String rawBody(AwsServiceException answered) {
    var details = answered.awsErrorDetails();
    return details == null || details.rawResponse() == null
        ? ""
        : details.rawResponse().asUtf8String();
  }

  private static Optional<String> header(AwsServiceException answered, String name) {
    var details = answered.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader(name);
  }

  /**
   * The start of the SDK's message; the rest, such as a tour of every provider, is in the cause.
   */
  private static String brief(SdkException error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return "there is no host %s: check AWS_REGION and AWS_ENDPOINT_URL"
            .formatted(t.getMessage());
      }
    }
    return shortened(String.valueOf(error.getMessage()).lines().findFirst().orElse(""));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  private static String advice(Verdict verdict, SdkException error) {
    return "next: "
        + switch (verdict) {
          case NO_SUCH_BUCKET -> "create the bucket, or correct STORE";
          case DENIED ->
              "access denied by the role's rights or the bucket policy: allow s3:GetObject and s3:PutObject below the prefix and s3:ListBucket on it (without the last a missing key also reads as 403)";
          case FULL ->
              "make room in the store, or raise its quota or the plan's cap; then run again, nothing that is stored is lost";
          case READ_ONLY ->
              "let this server, bucket and key accept writes (PUT), or set STORE and AWS_ENDPOINT_URL to a store that does";
          case CREDENTIALS ->
              error instanceof AwsServiceException
                  ? "the server does not accept the key: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE (log in again where a login expires), and that AWS_REGION is the server's"
                  : "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile that works (aws sts get-caller-identity tries it, aws sso login or aws login renews it), or run with a role";
          case WRONG_REGION -> region(error);
          case WRONG_CLOCK -> "correct this machine's clock";
          default ->
              "check STORE and AWS_ENDPOINT_URL: the server must speak S3 and honour If-Match and"
                  + " If-None-Match on a put";
        };
  }

  /** AWS names the bucket's region in a header, or in the error's body. */
  private static String region(SdkException error) {
    Optional<String> told = Optional.empty();
    if (error instanceof AwsServiceException answered) {
      Matcher body = REGION.matcher(rawBody(answered));
      told =
          header(answered, "x-amz-bucket-region")
              .or(() -> body.find() ? Optional.of(body.group(1)) : Optional.empty());
    }
    return told.map("set AWS_REGION to %s, the bucket's region"::formatted)
        .orElse("set AWS_REGION to the bucket's region, as the server is configured");
  }
}
