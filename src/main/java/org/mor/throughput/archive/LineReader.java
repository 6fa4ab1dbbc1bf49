package org.mor.throughput.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/**
 * The lines of a partition, one after the other in one buffer. A last line without a line end is a
 * line; empty lines are passed over.
 */
final class LineReader implements AutoCloseable {
  /** The longest line read or written, in bytes, without its line end. */
  static final int MAX_LINE = 64 << 10;

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = LOW_BITS << 7;
  private static final long LINE_ENDS = LOW_BITS * '\n';
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ObjectKey key;
  private final InputStream in;
  private final byte[] buffer = new byte[4 * MAX_LINE];
  private int start;
  private int end;
  private int next;
  private int limit;
  private long number;
  private long inflated;

  LineReader(ObjectKey key, byte[] body) {
    this.key = key;
    this.in = Gzip.decode(key, body);
  }

  /** Moves to the next line; false when there is none and the object is proven whole. */
  boolean next() {
    do {
      if (!advance()) {
        return false;
      }
    } while (start == end);
    return true;
  }

  /** What holds the line, from {@link #start} (inclusive) to {@link #end} (exclusive). */
  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** The current line's number, from 1 on; empty lines count. */
  long number() {
    return number;
  }

  /** How many bytes were inflated so far; all of them once {@link #next} was false. */
  long inflated() {
    return inflated;
  }

  /** Says what is wrong with the current line. */
  CorruptObjectException corrupt(String what) {
    return new CorruptObjectException(
        "Reading %s, line %d: %s. It was not written over; restore an older version of it."
            .formatted(key, number, what));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Closing bytes in memory", e);
    }
  }

  private boolean advance() {
    number++;
    int scan = next;
    while (true) {
      scan = lineEnd(scan);
      if (scan < limit) {
        return line(scan, scan + 1);
      }
      if (limit - next > MAX_LINE) {
        throw tooLong();
      }
      scan -= compact();
      if (!fill()) {
        return next < limit && line(limit, limit);
      }
    }
  }

  /** The first line end from {@code from} on, or the limit; looks at eight bytes at a time. */
  private int lineEnd(int from) {
    int at = from;
    for (; at <= limit - Long.BYTES; at += Long.BYTES) {
      long zeroWhereEnd = (long) WORDS.get(buffer, at) ^ LINE_ENDS;
      if (((zeroWhereEnd - LOW_BITS) & ~zeroWhereEnd & HIGH_BITS) != 0) {
        break;
      }
    }
    while (at < limit && buffer[at] != '\n') {
      at++;
    }
    return at;
  }

  private boolean line(int lineEnd, int behind) {
    start = next;
    end = lineEnd;
    next = behind;
    if (end - start > MAX_LINE) {
      throw tooLong();
    }
    return true;
  }

  /** Moves what is unread to the front when the buffer is full; by how much. */
  private int compact() {
    if (limit < buffer.length) {
      return 0;
    }
    int moved = next;
    System.arraycopy(buffer, moved, buffer, 0, limit - moved);
    limit -= moved;
    next = 0;
    return moved;
  }

  private boolean fill() {
    try {
      int count = in.read(buffer, limit, buffer.length - limit);
      limit += Math.max(0, count);
      inflated += Math.max(0, count);
      return count > 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Reading bytes in memory", e);
    }
  }

  private CorruptObjectException tooLong() {
    return corrupt("it is longer than " + MAX_LINE + " bytes");
  }
}
