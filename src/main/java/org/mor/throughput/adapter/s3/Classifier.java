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
  /** What a failed call to S3 means for the caller. */
  enum Kind {
    /** A condition did not hold, or another writer is at it. */
    CONFLICT,
    /** There is no object under the key. */
    NO_SUCH_KEY,
    NO_SUCH_BUCKET,
    /** Access denied: rights, a bucket policy, or a missing key that this caller may not list. */
    DENIED,
    /** A quota or the disk is full, or a plan's cap is reached. */
    FULL,
    /** The server or the bucket takes no writes. */
    READ_ONLY,
    /** No credentials, or ones the server does not accept. */
    CREDENTIALS,
    WRONG_REGION,
    WRONG_CLOCK,
    /** The server does not understand or does not do what was asked; asking again will not help. */
    REJECTED,
    /** The request never reached a server. */
    NOT_SENT,
    /** The server saw that the content was damaged on its way and kept nothing. */
    DAMAGED,
    /** Too many requests; asking more slowly helps. */
    SLOW_DOWN,
    /** A server error, a time-out or a broken connection: the request may have been carried out. */
    UNKNOWN;

    /** Whether asking again, after a pause, may well succeed. */
    boolean isPassing() {
      return this == NOT_SENT || this == DAMAGED || this == SLOW_DOWN || this == UNKNOWN;
    }

    /** Whether a write that met this may have been carried out all the same. */
    boolean mayHaveLanded() {
      return this == SLOW_DOWN || this == UNKNOWN;
    }
  }

  private static final Map<String, Kind> BY_CODE =
      Map.ofEntries(
          entry("PreconditionFailed", Kind.CONFLICT),
          entry("ConditionalRequestConflict", Kind.CONFLICT),
          entry("OperationAborted", Kind.CONFLICT),
          entry("NoSuchKey", Kind.NO_SUCH_KEY),
          entry("NoSuchBucket", Kind.NO_SUCH_BUCKET),
          entry("AccessDenied", Kind.DENIED),
          entry("AllAccessDisabled", Kind.DENIED),
          entry("AccountProblem", Kind.DENIED),
          entry("InvalidAccessKeyId", Kind.CREDENTIALS),
          entry("SignatureDoesNotMatch", Kind.CREDENTIALS),
          entry("ExpiredToken", Kind.CREDENTIALS),
          entry("InvalidToken", Kind.CREDENTIALS),
          entry("TokenRefreshRequired", Kind.CREDENTIALS),
          entry("QuotaExceeded", Kind.FULL),
          entry("XMinioAdminBucketQuotaExceeded", Kind.FULL),
          entry("XMinioStorageFull", Kind.FULL),
          entry("MethodNotAllowed", Kind.READ_ONLY),
          entry("RequestTimeTooSkewed", Kind.WRONG_CLOCK),
          entry("AuthorizationHeaderMalformed", Kind.WRONG_REGION),
          entry("PermanentRedirect", Kind.WRONG_REGION),
          entry("TemporaryRedirect", Kind.WRONG_REGION),
          entry("IllegalLocationConstraintException", Kind.WRONG_REGION),
          entry("NotImplemented", Kind.REJECTED),
          entry("BadDigest", Kind.DAMAGED),
          entry("IncompleteBody", Kind.DAMAGED),
          entry("XAmzContentSHA256Mismatch", Kind.DAMAGED),
          entry("XAmzContentChecksumMismatch", Kind.DAMAGED),
          entry("SlowDown", Kind.SLOW_DOWN),
          entry("Throttling", Kind.SLOW_DOWN),
          entry("ThrottlingException", Kind.SLOW_DOWN),
          entry("RequestLimitExceeded", Kind.SLOW_DOWN),
          entry("TooManyRequests", Kind.SLOW_DOWN),
          entry("RequestTimeout", Kind.UNKNOWN),
          entry("InternalError", Kind.UNKNOWN),
          entry("ServiceUnavailable", Kind.UNKNOWN));

  private static final Pattern FULL =
      Pattern.compile(
          "\\b(quota|storage cap|cap exceeded|storage limit|disk full|storage full|no space|out of space|insufficient storage)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern READ_ONLY =
      Pattern.compile("\\b(read[- ]?only|WORM)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern REGION =
      Pattern.compile("\\b(region|scope)\\b", Pattern.CASE_INSENSITIVE);

  private Classifier() {}

  static Kind classify(SdkException error) {
    if (error instanceof AwsServiceException answered) {
      Kind byCode = BY_CODE.get(code(answered));
      Kind known = byCode != null ? byCode : byStatus(answered.statusCode());
      return known == Kind.DENIED || known == Kind.REJECTED
          ? byWords(message(answered), known)
          : known;
    }
    return withoutAnswer(error);
  }

  /** Servers refuse under codes of their own, or under AccessDenied, and say why in words. */
  private static Kind byWords(String message, Kind otherwise) {
    if (FULL.matcher(message).find()) {
      return Kind.FULL;
    }
    if (READ_ONLY.matcher(message).find()) {
      return Kind.READ_ONLY;
    }
    return otherwise == Kind.REJECTED && REGION.matcher(message).find()
        ? Kind.WRONG_REGION
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
  private static Kind byStatus(int status) {
    return switch (status) {
      // 304: what one S3-compatible server once answered to a put with If-None-Match.
      case 304, 409, 412 -> Kind.CONFLICT;
      case 301, 307, 308 -> Kind.WRONG_REGION;
      case 401, 403 -> Kind.DENIED;
      case 405 -> Kind.READ_ONLY;
      case 408 -> Kind.UNKNOWN;
      case 429 -> Kind.SLOW_DOWN;
      case 501 -> Kind.REJECTED;
      case 507 -> Kind.FULL;
      default -> status >= 400 && status < 500 ? Kind.REJECTED : Kind.UNKNOWN;
    };
  }

  private static Kind withoutAnswer(SdkException error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException
          || t instanceof ConnectException
          || t instanceof NoRouteToHostException) {
        return Kind.NOT_SENT;
      }
      String message = String.valueOf(t.getMessage());
      if (message.contains("Unable to load credentials")
          || message.contains("Unable to resolve credentials")
          || message.contains("Failed to load credentials")) {
        return Kind.CREDENTIALS;
      }
    }
    return Kind.UNKNOWN;
  }
}
