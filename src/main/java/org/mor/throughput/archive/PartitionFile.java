package org.mor.throughput.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/** One month of one kind of rows as an object: lines in order, in members of gzip. */
final class PartitionFile<R extends SessionRow> {
  private final RowCodec<R> codec;
  private final Month month;
  private final ObjectKey key;

  PartitionFile(RowCodec<R> codec, Month month) {
    this.codec = codec;
    this.month = month;
    this.key = codec.kind().key(month);
  }

  ObjectKey key() {
    return key;
  }

  /**
   * Gives one row after the other to {@code rows}; only a normal return proves that they were all.
   *
   * @throws CorruptObjectException naming the line, when anything is not as a writer leaves it
   */
  void read(byte[] body, Consumer<? super R> rows) {
    readAll(body, rows);
  }

  /** The same with the rows of some members only; the others are not looked into. */
  void read(byte[] body, Predicate<Member> wanted, Consumer<? super R> rows) {
    List<Member> members = Member.list(body);
    if (members.stream().allMatch(wanted)) {
      readAll(body, rows);
    } else {
      members.stream().filter(wanted).forEach(member -> readAll(member.bytes(body), rows));
    }
  }

  private void readAll(byte[] body, Consumer<? super R> rows) {
    long from = month.firstSecond();
    long until = month.next().firstSecond();
    RowFields scratch = new RowFields();
    IdSet seen = new IdSet();
    try (LineReader lines = new LineReader(key, body)) {
      while (lines.next()) {
        R row = row(codec, lines, scratch);
        if (row.eventTime() < from || row.eventTime() >= until) {
          throw lines.corrupt("session %s is of another month".formatted(row.sessionId()));
        }
        if (!seen.add(row.sessionId())) {
          throw lines.corrupt("session %s is there twice".formatted(row.sessionId()));
        }
        rows.accept(row);
      }
    }
  }

  /**
   * Writes the partition anew.
   *
   * @param expected how many bytes it will take, about
   * @param keyed whether users are written with a key
   */
  Writer<R> writer(int expected, boolean keyed) {
    return new Writer<>(codec, key, expected, keyed);
  }

  /** The row on the current line. */
  static <R extends SessionRow> R row(RowCodec<R> codec, LineReader lines, RowFields scratch) {
    try {
      return codec.decode(lines.buffer(), lines.start(), lines.end(), scratch);
    } catch (IllegalArgumentException | ArithmeticException e) {
      CorruptObjectException corrupt = lines.corrupt(String.valueOf(e.getMessage()));
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /** Writes the rows of one partition, which come in order, as members of some thousand rows. */
  static final class Writer<R extends SessionRow> implements AutoCloseable {
    /** A member of so many rows ends where half as many still follow. */
    static final int ROWS_A_MEMBER = 4_096;

    private static final int BYTES_A_ROW = 200;
    private static final byte[] LINE_END = {'\n'};

    private final RowCodec<R> codec;
    private final ObjectKey key;
    private final boolean keyed;
    private final long mostBytes;
    private final ByteArrayOutputStream object;
    private final int[] ids = new int[2 * ROWS_A_MEMBER];
    private Gzip.@Nullable Writer member;
    private int rows;
    private long firstBlock;
    private long lastBlock;
    private long bytesBefore;

    Writer(RowCodec<R> codec, ObjectKey key, int expected, boolean keyed) {
      this(codec, key, expected, keyed, GzipInput.MAX_INFLATED);
    }

    /** The same with another limit, in bytes of rows. */
    Writer(RowCodec<R> codec, ObjectKey key, int expected, boolean keyed, long mostBytes) {
      this.codec = codec;
      this.key = key;
      this.keyed = keyed;
      this.mostBytes = mostBytes;
      this.object = new ByteArrayOutputStream(expected + (expected >> 4) + 1024);
    }

    /**
     * Adds a row.
     *
     * @param following how many rows come after it before the next copied member, or more
     * @throws PartitionFullException when the partition could not be read back with it
     * @throws IllegalStateException when the row is longer than any that the chain can make
     */
    void add(R row, long following) {
      byte[] line = codec.encode(row);
      if (line.length > LineReader.MAX_LINE) {
        throw new IllegalStateException(
            "Writing %s: the row of session %s is larger than can be read back (%d bytes, at most %d); nothing was written."
                .formatted(key, row.sessionId(), line.length, LineReader.MAX_LINE));
      }
      requireRoom(line.length + 1);
      if (rows == ids.length || (rows >= ROWS_A_MEMBER && following >= ROWS_A_MEMBER / 2)) {
        endMember();
      }
      Gzip.Writer out = member;
      if (out == null) {
        out = new Gzip.Writer((int) Math.min(following + 1, ROWS_A_MEMBER) * BYTES_A_ROW);
        member = out;
        firstBlock = row.position().block();
      }
      out.write(line, 0, line.length);
      out.write(LINE_END, 0, 1);
      ids[rows++] = Member.prefix(row.sessionId());
      lastBlock = row.position().block();
    }

    /** Adds a member of another object as it is. */
    void copy(byte[] body, Member copied) {
      endMember();
      // The last four bytes of a member are the size of what it holds.
      int end = copied.from + copied.length;
      long size = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(end - 4);
      requireRoom(size & 0xffffffffL);
      bytesBefore += size & 0xffffffffL;
      object.write(body, copied.from, copied.length);
    }

    private void requireRoom(long more) {
      if (size() > mostBytes - more) {
        throw new PartitionFullException(
            "Writing %s: with the new rows it is larger than can be read back (%d bytes of rows). Nothing was written; the rows before are published.\nnext: raise GzipInput.MAX_INFLATED, build again and deploy with more memory; runs go on from the cursor then"
                .formatted(key, mostBytes));
      }
    }

    private void endMember() {
      Gzip.Writer out = member;
      if (out != null) {
        int[] kept = Arrays.copyOf(ids, rows);
        bytesBefore += out.size();
        object.writeBytes(
            out.finish(others -> Member.field(others, firstBlock, lastBlock, keyed, kept)));
        close();
        rows = 0;
      }
    }

    private long size() {
      return bytesBefore + (member == null ? 0 : member.size());
    }

    /** Whether more than half of what a partition holds is used. */
    boolean isHalfFull() {
      return size() > mostBytes / 2;
    }

    /** The object's content. */
    byte[] finish() {
      endMember();
      return object.size() == 0 ? Gzip.encode(new byte[0]) : object.toByteArray();
    }

    @Override
    public void close() {
      if (member != null) {
        member.close();
        member = null;
      }
    }
  }
}
