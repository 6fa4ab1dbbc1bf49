package org.mor.throughput.adapter.s3;

import static java.util.Map.entry;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads what went wrong from the error's code first and from the HTTP status second: S3 may report
 * a failed precondition under status 200, and a status alone says little behind a proxy.
 */
final class Classifier {
  private static final Map<String, Verdict> BY_CODE =
      Map.ofEntries(
          entry("PreconditionFailed", Verdict.CONFLICT),
          entry("ConditionalRequestConflict", Verdict.CONFLICT),
          entry("OperationAborted", Verdict.CONFLICT),
          entry("NoSuchKey", Verdict.NO_SUCH_KEY),
          entry("NoSuchBucket", Verdict.NO_SUCH_BUCKET),
          entry("AccessDenied", Verdict.DENIED),
          entry("AllAccessDisabled", Verdict.DENIED),
          entry("AccountProblem", Verdict.DENIED),
          entry("InvalidAccessKeyId", Verdict.CREDENTIALS),
          entry("SignatureDoesNotMatch", Verdict.CREDENTIALS),
          entry("ExpiredToken", Verdict.CREDENTIALS),
          entry("InvalidToken", Verdict.CREDENTIALS),
          entry("TokenRefreshRequired", Verdict.CREDENTIALS),
          entry("QuotaExceeded", Verdict.FULL),
          entry("XMinioAdminBucketQuotaExceeded", Verdict.FULL),
          entry("XMinioStorageFull", Verdict.FULL),
          entry("MethodNotAllowed", Verdict.READ_ONLY),
          entry("RequestTimeTooSkewed", Verdict.WRONG_CLOCK),
          entry("AuthorizationHeaderMalformed", Verdict.WRONG_REGION),
          entry("PermanentRedirect", Verdict.WRONG_REGION),
          entry("TemporaryRedirect", Verdict.WRONG_REGION),
          entry("IllegalLocationConstraintException", Verdict.WRONG_REGION),
          entry("NotImplemented", Verdict.REJECTED),
          entry("BadDigest", Verdict.DAMAGED),
          entry("IncompleteBody", Verdict.DAMAGED),
          entry("XAmzContentSHA256Mismatch", Verdict.DAMAGED),
          entry("XAmzContentChecksumMismatch", Verdict.DAMAGED),
          entry("SlowDown", Verdict.SLOW_DOWN),
          entry("Throttling", Verdict.SLOW_DOWN),
          entry("ThrottlingException", Verdict.SLOW_DOWN),
          entry("RequestLimitExceeded", Verdict.SLOW_DOWN),
          entry("TooManyRequests", Verdict.SLOW_DOWN),
          entry("RequestTimeout", Verdict.UNKNOWN),
          entry("InternalError", Verdict.UNKNOWN),
          entry("ServiceUnavailable", Verdict.UNKNOWN));

  private static final Pattern FULL =
      Pattern.compile(
          "\\b(quota|storage cap|cap exceeded|storage limit|disk full|storage full|no space|out of space|insufficient storage)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern READ_ONLY =
      Pattern.compile("\\b(read[- ]?only|WORM)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern REGION =
      Pattern.compile("\\b(region|scope)\\b", Pattern.CASE_INSENSITIVE);

  private Classifier() {}

  static Verdict classify(SdkException error) {
    if (error instanceof AwsServiceException answered) {
      Verdict byCode = BY_CODE.get(code(answered));
      Verdict known = byCode != null ? byCode : byStatus(answered.statusCode());
      return known == Verdict.DENIED || known == Verdict.REJECTED
          ? byWords(message(answered), known)
          : known;
    }
    return withoutAnswer(error);
  }

  /** Servers refuse under codes of their own, or under AccessDenied, and say why in words. */
  private static Verdict byWords(String message, Verdict otherwise) {
    if (FULL.matcher(message).find()) {
      return Verdict.FULL;
    }
    if (READ_ONLY.matcher(message).find()) {
      return Verdict.READ_ONLY;
    }
    return otherwise == Verdict.REJECTED && REGION.matcher(message).find()
        ? Verdict.WRONG_REGION
        : otherwise;
  }

  /** The server's own message, or an empty text. */
  static String message(AwsServiceException answered) {
    var details = answered.awsErrorDetails();
    @Nullable String message = details == null ? null : details.errorMessage();
    return message == null ? "" : message;
  }

  /** The answer's error code, or an empty text. */
  static String code(AwsServiceException answered) {
    var details = answered.awsErrorDetails();
    @Nullable String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  /** 404 is not here: without S3's own code it may be any server's, and says nothing of the key. */
  private static Verdict byStatus(int status) {
    return switch (status) {
      // 304: what one S3-compatible server once answered to a put with If-None-Match.
      case 304, 409, 412 -> Verdict.CONFLICT;
      case 301, 307, 308 -> Verdict.WRONG_REGION;
      case 401, 403 -> Verdict.DENIED;
      case 405 -> Verdict.READ_ONLY;
      case 408 -> Verdict.UNKNOWN;
      case 429 -> Verdict.SLOW_DOWN;
      case 501 -> Verdict.REJECTED;
      case 507 -> Verdict.FULL;
      default -> status >= 400 && status < 500 ? Verdict.REJECTED : Verdict.UNKNOWN;
    };
  }

  private static Verdict withoutAnswer(SdkException error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException
          || t instanceof ConnectException
          || t instanceof NoRouteToHostException) {
        return Verdict.NOT_SENT;
      }
      String message = String.valueOf(t.getMessage());
      if (message.contains("Unable to load credentials")
          || message.contains("Unable to resolve credentials")
          || message.contains("Failed to load credentials")) {
        return Verdict.CREDENTIALS;
      }
    }
    return Verdict.UNKNOWN;
  }
}
