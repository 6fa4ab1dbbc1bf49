package org.mor.throughput.kill;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.archive.SuspectStore;

/**
 * What a store holds but for the moment and the name of the runs: each object's SHA-256 by key,
 * partitions uncompressed, the cursor without {@code last_run}, {@code write_id} and {@code seq} (a
 * killed run leaves moves of the cursor to the next one, which makes them in one), coverage without
 * the blocks that commits ended with (of which a killed run leaves some), documents without {@code
 * generatedAt} and the hashes that depend on it.
 */
final class StoreDigest {
  private StoreDigest() {}

  static Map<String, String> of(Map<String, byte[]> objects) {
    Map<String, String> digests = new TreeMap<>();
    objects.forEach(
        (key, body) -> {
          // A killed run may have put rows on the list of suspects that a later one took off.
          boolean isEmptyList =
              key.equals(SuspectStore.KEY.value())
                  && new String(body, StandardCharsets.UTF_8).contains("\"rows\":[]");
          // Each run leaves a record of its own, with its moment and its id.
          boolean isOfTheRuns =
              key.startsWith(RunStore.PREFIX) || key.matches("status\\.json|badge\\.(json|svg)");
          if (!isEmptyList && !isOfTheRuns) {
            digests.put(key, sha256(lasting(key, body)));
          }
        });
    return digests;
  }

  /** One hash of all of it. */
  static String summary(Map<String, String> digests) {
    return sha256(digests.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static byte[] lasting(String key, byte[] body) {
    if (key.endsWith(".gz")) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(key, e);
      }
    }
    String text = new String(body, StandardCharsets.UTF_8);
    if (key.equals("state/cursor.json")) {
      text =
          text.replaceAll("\"(last_run|write_id)\":\\s*\"[^\"]*\"", "\"$1\":\"\"")
              .replaceAll("\"seq\":\\s*\\d+", "\"seq\":0");
    } else if (key.equals("state/coverage.json")) {
      text = text.replaceAll(",\"hosts\":.*", "}");
    } else if (!key.startsWith("state/")) {
      text =
          text.replaceAll("\"generatedAt\":\\s*\"[^\"]*\"", "\"generatedAt\":\"\"")
              .replaceAll("\"[0-9a-f]{64}\"", "\"\"");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
