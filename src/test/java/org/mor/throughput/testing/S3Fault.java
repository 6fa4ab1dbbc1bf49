package org.mor.throughput.testing;

/**
 * Something that goes wrong with one or more requests to {@link StrictS3Server}.
 *
 * @param key the key it happens on; empty for any
 * @param skip how many matching requests pass first
 * @param times how many requests it happens to, after those
 * @param carriedOut whether the server does what was asked before it goes wrong
 * @param message what an ANSWER says in words, and a PAGE as its whole body
 */
public record S3Fault(
    S3Operation operation,
    String key,
    int skip,
    int times,
    Effect effect,
    boolean carriedOut,
    int status,
    String code,
    String message) {

  /** How the client sees it. */
  public enum Effect {
    /** An answer with an error's status and code. */
    ANSWER,
    /** The connection closes without an answer. */
    DROP,
    /** No answer until the server closes. */
    HANG,
    /** The connection closes half-way through the body. */
    CUT_BODY,
    /** The body arrives with one bit flipped. */
    DAMAGED_BODY,
    /** An answer that is no XML of S3's, as a proxy's. */
    PAGE,
    /** The answer is as it should be but for its ETag, which is left out. */
    NO_ETAG,
    /**
     * The answer is as it should be but for its ETag, which is one that the server does not know.
     */
    OTHER_ETAG
  }

  /** An error answer; nothing was done. */
  public static S3Fault answer(S3Operation operation, int status, String code) {
    return new S3Fault(operation, "", 0, 1, Effect.ANSWER, false, status, code, code);
  }

  /** The same error answer with a message of the server's. */
  public S3Fault saying(String text) {
    return new S3Fault(operation, key, skip, times, effect, carriedOut, status, code, text);
  }

  /** An answer of something before the server. */
  public static S3Fault page(S3Operation operation, int status, String body) {
    return new S3Fault(operation, "", 0, 1, Effect.PAGE, false, status, "", body);
  }

  /** An answer without an ETag. */
  public static S3Fault noEtag(S3Operation operation) {
    return new S3Fault(operation, "", 0, 1, Effect.NO_ETAG, true, 0, "", "");
  }

  /** An object that comes with an ETag which no condition accepts. */
  public static S3Fault otherEtag() {
    return new S3Fault(S3Operation.GET, "", 0, 1, Effect.OTHER_ETAG, true, 0, "", "");
  }

  /** The connection breaks before anything is done. */
  public static S3Fault drop(S3Operation operation) {
    return new S3Fault(operation, "", 0, 1, Effect.DROP, false, 0, "", "");
  }

  /** The put is carried out and its answer is lost. */
  public static S3Fault lostAnswer() {
    return new S3Fault(S3Operation.PUT, "", 0, 1, Effect.DROP, true, 0, "", "");
  }

  /** The server does not answer; nothing is done. */
  public static S3Fault hang(S3Operation operation) {
    return new S3Fault(operation, "", 0, 1, Effect.HANG, false, 0, "", "");
  }

  /** A body cut short on its way. */
  public static S3Fault cutBody() {
    return new S3Fault(S3Operation.GET, "", 0, 1, Effect.CUT_BODY, true, 0, "", "");
  }

  /** A body damaged on its way; the offered checksum is that of the whole one. */
  public static S3Fault damagedBody() {
    return new S3Fault(S3Operation.GET, "", 0, 1, Effect.DAMAGED_BODY, true, 0, "", "");
  }

  /** The same fault on one key only. */
  public S3Fault on(String onlyKey) {
    return new S3Fault(operation, onlyKey, skip, times, effect, carriedOut, status, code, message);
  }

  /** The same fault on the n-th matching request, counted from 1. */
  public S3Fault nth(int n) {
    return new S3Fault(operation, key, n - 1, times, effect, carriedOut, status, code, message);
  }

  /** The same fault on that many requests in a row. */
  public S3Fault times(int count) {
    return new S3Fault(operation, key, skip, count, effect, carriedOut, status, code, message);
  }

  /** The same fault after the request was carried out. */
  public S3Fault afterwards() {
    return new S3Fault(operation, key, skip, times, effect, true, status, code, message);
  }

  boolean matches(S3Operation asked, String askedKey) {
    return operation == asked && (key.isEmpty() || key.equals(askedKey));
  }
}
