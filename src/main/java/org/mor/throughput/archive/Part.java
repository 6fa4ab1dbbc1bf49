package org.mor.throughput.archive;

import java.util.Objects;

/**
 * One of several parts of a partition, about equal in bytes. Together they hold each row of one
 * version once; a row that stands twice shows only within a part.
 *
 * @param index from 0 on
 */
public record Part(int index, int of) {
  /** All rows. */
  public static final Part WHOLE = new Part(0, 1);

  public Part {
    Objects.checkIndex(index, of);
  }

  /** Whether a member of a partition of so many bytes belongs to it. */
  boolean has(Member member, int bytes) {
    return (int) ((long) member.from * of / bytes) == index;
  }
}
