package org.mor.throughput.rollup;

import org.mor.throughput.session.Month;

/**
 * Where the cells of a month that is over are kept.
 *
 * @param key below the store's prefix
 * @param sha256 of the content, in hex
 * @param bytes of the content
 * @param firstDay the first second of the first day with a close; lastDay of the last one
 * @param sessions closes of the month
 */
public record MonthFile(
    Month month, String key, String sha256, long bytes, long firstDay, long lastDay, long sessions)
    implements Comparable<MonthFile> {
  public MonthFile {
    if (key.isEmpty() || sha256.length() != 64 || bytes < 1 || sessions < 1 || firstDay > lastDay) {
      throw new IllegalArgumentException(
          "No month's file: %s %s of %s, %d bytes, %d sessions, days %d to %d"
              .formatted(month, key, sha256, bytes, sessions, firstDay, lastDay));
    }
  }

  @Override
  public int compareTo(MonthFile other) {
    return month.compareTo(other.month);
  }
}
