package org.mor.throughput.adapter.file;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.mor.throughput.store.ObjectVersion;

/**
 * The version of a file: length and two independent 32-bit checksums of its content, the same in
 * every process and after a copy. It tells two contents of one writer's making apart, which is all
 * that a version is for; a cryptographic digest takes longer than reading the rows.
 */
final class ContentVersion {
  private ContentVersion() {}

  static ObjectVersion of(byte[] body) {
    CRC32 first = new CRC32();
    first.update(body);
    CRC32C second = new CRC32C();
    second.update(body);
    return new ObjectVersion(
        "%x-%08x%08x".formatted(body.length, first.getValue(), second.getValue()));
  }
}
