package org.mor.throughput.protocol;

/**
 * The rows of the four blocks as one number: for each block five bits, 0 where its row is absent,
 * else the generation and one less than the safe head that its row was read in. The later reading
 * wins.
 */
@SuppressWarnings("OperatorPrecedence")
final class Rows {
  private static final int BITS = 5;
  private static final int ONE = (1 << BITS) - 1;

  private Rows() {}

  /** The rows of some blocks, all read at one head. */
  static int read(int blocks, int head, int generation) {
    int rows = 0;
    for (int i = 0; i < ModelState.LAST_BLOCK; i++) {
      rows |= (blocks >> i & 1) == 0 ? 0 : (4 * generation + head - 1) << BITS * i;
    }
    return rows;
  }

  static int merge(int one, int other) {
    int merged = 0;
    for (int i = 0; i < BITS * ModelState.LAST_BLOCK; i += BITS) {
      merged |= Math.max(one >> i & ONE, other >> i & ONE) << i;
    }
    return merged;
  }

  /** The blocks whose row is there. */
  static int blocks(int rows) {
    int blocks = 0;
    for (int i = 0; i < ModelState.LAST_BLOCK; i++) {
      blocks |= (rows >> BITS * i & ONE) == 0 ? 0 : 1 << i;
    }
    return blocks;
  }

  /** The rows of a month's two blocks among all. */
  static int ofMonth(int rows, int month) {
    return rows & ((1 << 2 * BITS) - 1) << 2 * BITS * month;
  }

  static int withoutTheLast(int rows) {
    int last = (31 - Integer.numberOfLeadingZeros(rows)) / BITS;
    return rows & (1 << BITS * last) - 1;
  }
}
