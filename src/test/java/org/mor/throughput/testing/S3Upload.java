package org.mor.throughput.testing;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** Takes a put's body out of its aws-chunked envelope and checks its length, CRC-32 and SHA-256. */
final class S3Upload {
  private final byte[] raw;
  private int at;

  private S3Upload(byte[] raw) {
    this.raw = raw;
  }

  /** The plain content; throws an IOException that starts with an S3 error code when damaged. */
  static byte[] decode(Headers headers, byte[] raw) throws IOException {
    Map<String, String> trailers = new HashMap<>();
    byte[] body = isChunked(headers) ? new S3Upload(raw).chunks(headers, trailers) : raw;
    String sent =
        trailers.getOrDefault("x-amz-checksum-crc32", headers.getFirst("x-amz-checksum-crc32"));
    if (sent != null && !sent.equals(crc32(body))) {
      throw new IOException("BadDigest: CRC-32 is %s, not %s".formatted(crc32(body), sent));
    }
    String signed = headers.getFirst("x-amz-content-sha256");
    if (signed != null && signed.matches("[0-9a-f]{64}") && !signed.equals(sha256(raw))) {
      throw new IOException("XAmzContentSHA256Mismatch: the body is not the one that was signed");
    }
    return body;
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String crc32(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (crc.getValue() >>> (24 - 8 * i));
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static boolean isChunked(Headers headers) {
    String encoding = headers.getFirst("Content-Encoding");
    return encoding != null && encoding.contains("aws-chunked");
  }

  private byte[] chunks(Headers headers, Map<String, String> trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = nextSize(); size > 0; size = nextSize()) {
      if (at + size + 2 > raw.length) {
        throw new IOException("IncompleteBody: a chunk of %d bytes is cut".formatted(size));
      }
      body.write(raw, at, size);
      at += size;
      if (!line().isEmpty()) {
        throw new IOException("InvalidRequest: no line end after a chunk");
      }
    }
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      trailers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String announced = headers.getFirst("x-amz-decoded-content-length");
    if (!String.valueOf(body.size()).equals(announced)) {
      throw new IOException("IncompleteBody: %d of %s bytes".formatted(body.size(), announced));
    }
    return body.toByteArray();
  }

  private int nextSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0], 16);
  }

  private String line() throws IOException {
    for (int end = at; end + 1 < raw.length; end++) {
      if (raw[end] == '\r' && raw[end + 1] == '\n') {
        String line = new String(raw, at, end - at, StandardCharsets.US_ASCII);
        at = end + 2;
        return line;
      }
    }
    throw new IOException("IncompleteBody: no line end");
  }
}
