package org.mor.throughput.archive;

import java.util.zip.CRC32;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/** Finds the end of a member's header, whoever wrote it. */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record GzipHeader(ObjectKey key, byte[] body) {
  private static final int FIXED = 10;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** The index behind the header that begins at {@code from}. */
  int end(int from) {
    if (body.length - from >= 2 && (at(from) != 0x1f || at(from + 1) != 0x8b)) {
      throw corrupt(
          key, body, from == 0 ? "it is not gzip" : "something follows the gzip data at " + from);
    }
    require(from + FIXED);
    int flags = at(from + 3);
    if (at(from + 2) != 8 || (flags & RESERVED) != 0) {
      throw corrupt(key, body, "its gzip header is of an unknown kind");
    }
    int end = from + FIXED;
    if ((flags & EXTRA) != 0) {
      require(end + 2);
      end += 2 + at(end) + (at(end + 1) << 8);
    }
    if ((flags & NAME) != 0) {
      end = behindZero(end);
    }
    if ((flags & COMMENT) != 0) {
      end = behindZero(end);
    }
    if ((flags & HEADER_CRC) != 0) {
      end = behindChecksum(from, end);
    }
    require(end);
    return end;
  }

  private int behindChecksum(int from, int end) {
    require(end + 2);
    CRC32 crc = new CRC32();
    crc.update(body, from, end - from);
    if ((crc.getValue() & 0xffff) != (at(end) | at(end + 1) << 8)) {
      throw corrupt(key, body, "the checksum of its gzip header is wrong");
    }
    return end + 2;
  }

  private int behindZero(int from) {
    for (int i = from; i < body.length; i++) {
      if (body[i] == 0) {
        return i + 1;
      }
    }
    throw corrupt(key, body, "its gzip header is cut short");
  }

  private void require(int end) {
    if (end > body.length) {
      throw corrupt(key, body, "its gzip header is cut short");
    }
  }

  private int at(int index) {
    return body[index] & 0xff;
  }

  static CorruptObjectException corrupt(ObjectKey key, byte[] body, String what) {
    return new CorruptObjectException(
        "Unpacking %s (%d bytes): %s. It was not written over; restore an older version of it."
            .formatted(key, body.length, what));
  }
}
