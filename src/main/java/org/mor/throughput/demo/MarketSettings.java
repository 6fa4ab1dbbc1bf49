package org.mor.throughput.demo;

import java.time.Duration;
import java.time.Instant;

/**
 * What makes a market: the same settings give the same chain to the byte.
 *
 * @param seed any number
 * @param sessions how many are opened in the history; from {@link #fewestSessions} on, so that
 *     every story is told, to {@link #MOST_SESSIONS}
 * @param end the time of the head; the block at or before it
 * @param history how far back the first block lies, at least 60 days
 */
public record MarketSettings(long seed, int sessions, Instant end, Duration history) {
  public static final int DEFAULT_SESSIONS = 5_000;
  private static final Duration HALF_A_YEAR = Duration.ofDays(182);
  public static final int MOST_SESSIONS = 1_000_000;

  public MarketSettings {
    int fewest = fewestSessions();
    if (sessions < fewest || sessions > MOST_SESSIONS) {
      throw new IllegalArgumentException(
          "A market has %d to %d sessions, not %d".formatted(fewest, MOST_SESSIONS, sessions));
    }
    if (history.toDays() < 60 || BlockClock.blockAt(end.minus(history).getEpochSecond()) < 1) {
      throw new IllegalArgumentException(
          "A market needs 60 days at least, after mid-2023: %s back from %s"
              .formatted(history, end));
    }
  }

  /** So many that every story is told. */
  public static int fewestSessions() {
    return HistoryPlanner.fewestSessions();
  }

  /** Half a year of history up to {@code end}. */
  public static MarketSettings of(long seed, int sessions, Instant end) {
    return new MarketSettings(seed, sessions, end, HALF_A_YEAR);
  }
}
