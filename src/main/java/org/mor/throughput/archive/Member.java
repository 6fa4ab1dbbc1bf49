package org.mor.throughput.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;

/**
 * Some thousand rows of a partition: one gzip member, whose header says what is in it (RFC 1952, a
 * subfield of the extra field), so that a merge copies the members that it does not change. Of each
 * session id the header holds the first four bytes: they may match another id, but never miss one.
 * A partition with bytes that say nothing of the kind is one member that may hold anything.
 */
final class Member {
  private static final byte[] SUBFIELD = {'M', 'R'};
  private static final byte VERSION = 1;
  private static final int KEYED = 1;
  private static final int GZIP_HEADER = 10;
  private static final int EXTRA_FLAG = 4;
  private static final int BEFORE_IDS = 26;

  /** Where it begins in the object, and its length in bytes. */
  final int from;

  final int length;

  /** How many rows it has; {@link Integer#MAX_VALUE} where that is not known. */
  final int rows;

  final long firstBlock;
  final long lastBlock;

  /** Whether its rows were written with a key for users. */
  final boolean keyed;

  private final int @Nullable [] ids;

  private Member(
      int from, int length, long firstBlock, long lastBlock, boolean keyed, int @Nullable [] ids) {
    this.from = from;
    this.length = length;
    this.rows = ids == null ? Integer.MAX_VALUE : ids.length;
    this.firstBlock = firstBlock;
    this.lastBlock = lastBlock;
    this.keyed = keyed;
    this.ids = ids;
  }

  /** The members of an object in order. */
  static List<Member> list(byte[] body) {
    List<Member> members = new ArrayList<>();
    long block = 0;
    for (int at = 0; at < body.length; ) {
      Member next = read(body, at);
      if (next == null || next.firstBlock < block) {
        return List.of(new Member(0, body.length, 0, Long.MAX_VALUE, false, null));
      }
      members.add(next);
      block = next.lastBlock;
      at += next.length;
    }
    return members;
  }

  /** Whether this member may hold the session; true where nobody knows. */
  boolean mayHold(Hash32 session) {
    return ids == null || Arrays.binarySearch(ids, prefix(session)) >= 0;
  }

  /** Whether a row of these blocks may stand here; true where nobody knows. */
  boolean meets(BlockRange blocks) {
    return firstBlock <= blocks.last() && lastBlock >= blocks.first();
  }

  byte[] bytes(byte[] body) {
    return Arrays.copyOfRange(body, from, from + length);
  }

  /** Whether the same bytes stand in another object as the other member. */
  boolean equals(byte[] body, Member other, byte[] otherBody) {
    return Arrays.equals(
        body, from, from + length, otherBody, other.from, other.from + other.length);
  }

  /** The prefixes of ids that stand more than once, as {@link #prefix} gives them. */
  static Set<Integer> repeated(List<Member> members) {
    int[] all =
        members.stream()
            .filter(member -> member.ids != null)
            .flatMapToInt(member -> Arrays.stream(member.ids))
            .sorted()
            .toArray();
    return IntStream.range(1, all.length)
        .filter(i -> all[i - 1] == all[i])
        .mapToObj(i -> all[i])
        .collect(Collectors.toSet());
  }

  static int prefix(Hash32 session) {
    return (int) (session.firstWord() >>> 32);
  }

  /**
   * The extra field of a member.
   *
   * @param others the length of the member without this field, in bytes
   * @param ids of its rows, see {@link #prefix}; is sorted
   */
  static byte[] field(int others, long firstBlock, long lastBlock, boolean keyed, int[] ids) {
    Arrays.sort(ids);
    int size = BEFORE_IDS + 4 * ids.length + 4;
    ByteBuffer field = ByteBuffer.allocate(4 + size).order(ByteOrder.LITTLE_ENDIAN);
    field.put(SUBFIELD).putShort((short) size);
    field.put(VERSION).put((byte) (keyed ? KEYED : 0)).putInt(others + field.capacity());
    field.putLong(firstBlock).putLong(lastBlock).putInt(ids.length);
    for (int id : ids) {
      field.putInt(id);
    }
    return field.putInt(checksum(field)).array();
  }

  /** The member at an index; null where its header does not say what is in it. */
  private static @Nullable Member read(byte[] body, int from) {
    int start = from + GZIP_HEADER + 2;
    if (body.length - start < 4 + BEFORE_IDS + 4 || body[from + 3] != EXTRA_FLAG) {
      return null;
    }
    ByteBuffer all = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    int size = all.getShort(start - 2) & 0xffff;
    if (body.length - start < size
        || body[start] != SUBFIELD[0]
        || body[start + 1] != SUBFIELD[1]) {
      return null;
    }
    ByteBuffer field = all.slice(start, size).order(ByteOrder.LITTLE_ENDIAN);
    field.position(4);
    boolean known = (field.getShort(2) & 0xffff) == size - 4 && field.get() == VERSION;
    boolean keyed = (field.get() & KEYED) != 0;
    int length = field.getInt();
    long firstBlock = field.getLong();
    long lastBlock = field.getLong();
    int rows = field.getInt();
    if (!known
        || rows < 0
        || size != 4 + BEFORE_IDS + 4L * rows + 4
        || length <= size
        || length > body.length - from
        || firstBlock > lastBlock) {
      return null;
    }
    int[] ids = new int[rows];
    field.asIntBuffer().get(ids);
    field.position(size - 4);
    return field.getInt() == checksum(field.position(size - 4))
        ? new Member(from, length, firstBlock, lastBlock, keyed, ids)
        : null;
  }

  /** Of everything before the field's position. */
  private static int checksum(ByteBuffer field) {
    CRC32 crc = new CRC32();
    crc.update(field.array(), field.arrayOffset(), field.position());
    return (int) crc.getValue();
  }
}
