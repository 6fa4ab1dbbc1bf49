package org.mor.throughput.archive;

/**
 * Something in a partition that no writer leaves there.
 *
 * @param line the line's number from 1 on; 0 for the file as a whole
 * @param session the session's id, or an empty text
 * @param stored what is there, shortened
 * @param expected what should be
 */
public record RowFault(Kind kind, long line, String session, String stored, String expected) {
  /** What kind of fault it is. */
  public enum Kind {
    /** The row stands behind one that it should precede. */
    ORDER,
    /** The row belongs to another month's partition. */
    MONTH,
    /** Writing the row again gives other bytes. */
    BYTES
  }
}
