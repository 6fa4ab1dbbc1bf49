package org.mor.throughput.serve;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A whole HTTP answer but for its connection. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Answer(int status, String contentType, String cacheControl, byte[] body) {
  static Answer document(byte[] body) {
    return new Answer(200, "application/json", "public, max-age=60", body);
  }

  static Answer page(String html) {
    return new Answer(200, "text/html; charset=utf-8", "no-store", utf8(html));
  }

  static Answer health(int status, String state) {
    return json(status, "{\"status\":\"%s\"}%n".formatted(state));
  }

  /** {@code message} is one of our own texts, never a part of the request. */
  static Answer error(int status, String message) {
    return json(status, "{\"status\":%d,\"error\":\"%s\"}%n".formatted(status, message));
  }

  /** A strong validator: the content's hash, the same in every store. */
  String etag() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return "\"%064x\"".formatted(new BigInteger(1, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The JDK has no SHA-256", e);
    }
  }

  private static Answer json(int status, String text) {
    return new Answer(status, "application/json", "no-store", utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
