package org.mor.throughput.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** Gzip for whoever takes it; keeps what was asked for last. */
final class Compression {
  private static final int USEFUL_BYTES = 1024;
  private static final int KEPT = 32;
  private static final Pattern GZIP = Pattern.compile("gzip(;q=(1(\\.0*)?|0\\.0*[1-9]\\d*))?");

  private final Map<String, byte[]> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > KEPT;
        }
      };

  static boolean isUseful(byte[] body) {
    return body.length > USEFUL_BYTES;
  }

  /** Whether one of the codings is gzip, and not with the quality 0. */
  static boolean isAccepted(List<String> codings) {
    return codings.stream()
        .map(coding -> coding.toLowerCase(Locale.ROOT).replace(" ", ""))
        .anyMatch(coding -> GZIP.matcher(coding).matches());
  }

  /** Compresses a body of a hash. */
  byte[] gzip(String hash, byte[] body) {
    synchronized (kept) {
      byte[] known = kept.get(hash);
      if (known != null) {
        return known;
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("Compressing in memory", e);
    }
    synchronized (kept) {
      kept.put(hash, bytes.toByteArray());
    }
    return bytes.toByteArray();
  }
}
