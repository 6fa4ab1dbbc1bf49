package org.mor.throughput.protocol;

/**
 * The rows of the four blocks as one number: for each block two bits, 0 where its row is absent,
 * else one less than the safe head its row was read at. The later reading wins.
 */
@SuppressWarnings("OperatorPrecedence")
final class Rows {
  private Rows() {}

  /** The rows of some blocks, all read at one head. */
  static int read(int blocks, int head) {
    int rows = 0;
    for (int i = 0; i < ModelState.LAST_BLOCK; i++) {
      rows |= (blocks >> i & 1) == 0 ? 0 : head - 1 << 2 * i;
    }
    return rows;
  }

  static int merge(int one, int other) {
    int merged = 0;
    for (int i = 0; i < 8; i += 2) {
      merged |= Math.max(one >> i & 3, other >> i & 3) << i;
    }
    return merged;
  }

  /** The blocks whose row is there. */
  static int blocks(int rows) {
    int blocks = 0;
    for (int i = 0; i < ModelState.LAST_BLOCK; i++) {
      blocks |= (rows >> 2 * i & 3) == 0 ? 0 : 1 << i;
    }
    return blocks;
  }

  /** The rows of a month's blocks among all. */
  static int ofMonth(int rows, int month) {
    return rows & (month == 0 ? 0x0f : 0xf0);
  }

  static int withoutTheLast(int rows) {
    int last = 3 << (31 - Integer.numberOfLeadingZeros(rows) & ~1);
    return rows & ~last;
  }
}
