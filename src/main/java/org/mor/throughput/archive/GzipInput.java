package org.mor.throughput.archive;

import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/**
 * Strict gzip: every member is complete and its checksum and length are right, up to the last byte.
 * (The JDK's GZIPInputStream ends quietly where a later member is cut short.) Inflated size and
 * ratio are bounded.
 */
final class GzipInput extends InputStream {
  /**
   * The most an object may inflate to, in bytes: about a million rows, more in one month than the
   * marketplace is expected to make in its first years.
   */
  static final long MAX_INFLATED = 1L << 30;

  /** How many times its compressed size an object may inflate to, beyond the first MiB. */
  static final long MAX_RATIO = 200;

  private static final long UNCHECKED_RATIO = 1 << 20;
  private static final int TRAILER = 8;
  private static final int FIXED_HEADER = 10;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAG_RESERVED = 0xe0;

  private final ObjectKey key;
  private final byte[] body;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int at;
  private long memberSize;
  private long inflated;
  private boolean ended;

  GzipInput(ObjectKey key, byte[] body) {
    this.key = key;
    this.body = body;
    beginMember();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(into, from, length);
      if (count > 0) {
        crc.update(into, from, count);
        memberSize += count;
        inflated += count;
        checkBounds();
        return count;
      }
      if (!inflater.finished()) {
        throw corrupt("it is cut short");
      }
      endMember();
    }
    return -1;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private int inflate(byte[] into, int from, int length) {
    try {
      return inflater.inflate(into, from, length);
    } catch (DataFormatException e) {
      throw corrupt("the compressed data are damaged (" + e.getMessage() + ")", e);
    }
  }

  private void checkBounds() {
    if (inflated > MAX_INFLATED) {
      throw corrupt("it inflates to more than " + MAX_INFLATED + " bytes");
    }
    long compressed = (long) body.length - inflater.getRemaining();
    if (inflated - UNCHECKED_RATIO > MAX_RATIO * compressed) {
      throw corrupt("it inflates to more than " + MAX_RATIO + " times its size");
    }
  }

  private void beginMember() {
    at = headerEnd(at);
    inflater.reset();
    inflater.setInput(body, at, body.length - at);
    crc.reset();
    memberSize = 0;
  }

  /** The index behind the member's header that begins at {@code from}, whoever wrote it. */
  private int headerEnd(int from) {
    if (body.length - from >= 2 && (byteAt(from) != 0x1f || byteAt(from + 1) != 0x8b)) {
      throw corrupt(from == 0 ? "it is not gzip" : "something follows the gzip data at " + from);
    }
    requireHeader(from + FIXED_HEADER);
    int flags = byteAt(from + 3);
    if (byteAt(from + 2) != 8 || (flags & FLAG_RESERVED) != 0) {
      throw corrupt("its gzip header is of an unknown kind");
    }
    int end = from + FIXED_HEADER;
    if ((flags & FLAG_EXTRA) != 0) {
      requireHeader(end + 2);
      end += 2 + byteAt(end) + (byteAt(end + 1) << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      end = behindZero(end);
    }
    if ((flags & FLAG_COMMENT) != 0) {
      end = behindZero(end);
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      end = behindChecksum(from, end);
    }
    requireHeader(end);
    return end;
  }

  private int behindChecksum(int from, int end) {
    requireHeader(end + 2);
    CRC32 crc = new CRC32();
    crc.update(body, from, end - from);
    if ((crc.getValue() & 0xffff) != (byteAt(end) | byteAt(end + 1) << 8)) {
      throw corrupt("the checksum of its gzip header is wrong");
    }
    return end + 2;
  }

  private int behindZero(int from) {
    for (int i = from; i < body.length; i++) {
      if (body[i] == 0) {
        return i + 1;
      }
    }
    throw corrupt("its gzip header is cut short");
  }

  private void requireHeader(int end) {
    if (end > body.length) {
      throw corrupt("its gzip header is cut short");
    }
  }

  private int byteAt(int index) {
    return body[index] & 0xff;
  }

  private void endMember() {
    at = body.length - inflater.getRemaining();
    if (body.length - at < TRAILER) {
      throw corrupt("its trailer is cut short");
    }
    if (littleEndian(at) != crc.getValue() || littleEndian(at + 4) != (memberSize & 0xffffffffL)) {
      throw corrupt("its checksum or length is wrong");
    }
    at += TRAILER;
    if (at == body.length) {
      ended = true;
    } else {
      beginMember();
    }
  }

  private long littleEndian(int from) {
    long value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | (body[from + i] & 0xff);
    }
    return value;
  }

  private CorruptObjectException corrupt(String what) {
    return new CorruptObjectException(
        "Unpacking %s (%d bytes): %s. It was not written over; restore an older version of it."
            .formatted(key, body.length, what));
  }

  private CorruptObjectException corrupt(String what, Throwable cause) {
    CorruptObjectException e = corrupt(what);
    e.initCause(cause);
    return e;
  }
}
