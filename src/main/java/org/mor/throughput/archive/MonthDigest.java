package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.session.SessionRow;

/**
 * What two operators compare of a month: the SHA-256 over one line a row, {@code <session id>
 * <block> <SHA-256 of the row>} with a line end, sorted as text. The row is hashed without what two
 * indexers may rightly write differently, so the digest depends on the chain alone.
 */
final class MonthDigest {
  private final MessageDigest sha256 = Sha256.start();
  private final List<String> lines = new ArrayList<>();

  /**
   * @param common the row as {@link RowCodec#encodeCommon} writes it
   */
  void add(SessionRow row, byte[] common) {
    lines.add(
        "%s %s %s\n"
            .formatted(
                row.sessionId().toHex(),
                row.position().block(),
                HexFormat.of().formatHex(sha256.digest(common))));
  }

  /** The digest in hex. */
  String finish() {
    lines.sort(null);
    lines.forEach(line -> sha256.update(line.getBytes(US_ASCII)));
    return HexFormat.of().formatHex(sha256.digest());
  }
}
