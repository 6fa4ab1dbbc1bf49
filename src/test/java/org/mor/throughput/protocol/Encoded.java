package org.mor.throughput.protocol;

import static org.mor.throughput.protocol.Item.ABSENT;

/**
 * Cursor, coverage and document as numbers. A generation counts the rewinds; a hash is 0 for a
 * block of the first chain and 1 for one that stands only on the chain after the reorganisation.
 */
@SuppressWarnings("OperatorPrecedence")
final class Encoded {
  /** What a coverage's body carries for the checker alone begins here. */
  private static final int GHOST = 15;

  private Encoded() {}

  static int cursor(int block, int hash, int generation, int rewindTo, int sequence) {
    return block + 8 * hash + 16 * generation + 128 * (rewindTo + 1) + 1024 * sequence;
  }

  /** The block that a cursor or a document is of; 0 where it is absent. */
  static int block(int cursorOrDocument) {
    return cursorOrDocument == ABSENT ? 0 : cursorOrDocument & 7;
  }

  static int hash(int cursor) {
    return cursor >> 3 & 1;
  }

  static int generation(int cursor) {
    return cursor == ABSENT ? 0 : cursor >> 4 & 7;
  }

  /** Where an unfinished rewind goes; -1 where there is none. */
  static int rewindTo(int cursor) {
    return cursor == ABSENT ? -1 : (cursor >> 7 & 7) - 1;
  }

  static int sequence(int cursor) {
    return cursor == ABSENT ? 0 : cursor >> 10;
  }

  /**
   * @param kept two bits a block: whether its first hash is kept, and whether the other is
   */
  static int coverage(int blocks, int generation, int kept) {
    return blocks + 16 * generation + 128 * kept;
  }

  static int covered(int coverage) {
    return coverage == ABSENT ? 0 : coverage & 15;
  }

  static int coverageGeneration(int coverage) {
    return coverage == ABSENT ? 0 : coverage >> 4 & 7;
  }

  static int kept(int coverage) {
    return coverage == ABSENT ? 0 : coverage >> 7 & 255;
  }

  static int keep(int kept, int block, int hash) {
    return kept | 1 + hash << 2 * (block - 1);
  }

  static boolean isKept(int kept, int block) {
    return (kept >> 2 * (block - 1) & 3) != 0;
  }

  /** Whether all that is kept of a block is the one of this hash. */
  static boolean fits(int kept, int block, int hash) {
    return (kept >> 2 * (block - 1) & 3) == 1 + hash;
  }

  /** Coverage after a rewind. */
  static int cut(int coverage, int generation, int to) {
    return coverage(
        covered(coverage) & Protocol.upTo(to), generation, kept(coverage) & (1 << 2 * to) - 1);
  }

  /** A body with what only the checker knows: the blocks that were read, and on which chain. */
  static int withReading(int coverage, int range, int onNewChain) {
    return coverage | (range << 4 | onNewChain) << GHOST;
  }

  static int withoutReading(int body) {
    return body < 0 ? body : body & (1 << GHOST) - 1;
  }

  static int rangeRead(int body) {
    return body >> GHOST + 4 & 15;
  }

  static int onNewChain(int body) {
    return body >> GHOST & 15;
  }

  static int document(int asOf, int rows, int coveredThen, int generation) {
    return asOf + 8 * rows + 128 * coveredThen + 2048 * generation;
  }

  static int documentRows(int document) {
    return (document >> 3) & 15;
  }

  /** What was covered when the document's cursor was read. */
  static int documentCoverage(int document) {
    return (document >> 7) & 15;
  }

  static int documentGeneration(int document) {
    return document == ABSENT ? 0 : document >> 11;
  }

  /** By generation, then by block. */
  static int documentOrder(int document) {
    return 8 * documentGeneration(document) + block(document);
  }
}
