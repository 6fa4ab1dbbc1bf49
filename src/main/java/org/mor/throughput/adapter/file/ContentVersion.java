package org.mor.throughput.adapter.file;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mor.throughput.store.ObjectVersion;

/** The version of a file: a digest of its content, the same in every process and after a copy. */
final class ContentVersion {
  private ContentVersion() {}

  static ObjectVersion of(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return new ObjectVersion("sha256-" + HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
