package org.mor.throughput.live;

import org.jspecify.annotations.Nullable;

/** What is due for one client, in milliseconds of a monotonic clock. Used under its lock. */
final class Pulse {
  private static final long THROUGH_MILLIS = 5_000;
  private static final long PING_MILLIS = 15_000;
  private static final long SILENT_MILLIS = 60_000;
  private static final long GRACE_MILLIS = 2_000;

  private long heardAt;
  private long toldAt;
  private long pingedAt;
  private long closedAt;

  Pulse(long now) {
    heardAt = now;
    toldAt = now;
    pingedAt = now;
  }

  void heard(long now) {
    heardAt = now;
  }

  boolean isSilent(long now) {
    return now - heardAt > SILENT_MILLIS;
  }

  /** Whether it is time to say how far the client is; then that is said. */
  boolean tells(long now) {
    boolean isDue = now - toldAt >= THROUGH_MILLIS;
    toldAt = isDue ? now : toldAt;
    return isDue;
  }

  /** Whether it is time to ask whether the client is there, unless that is the next message. */
  boolean asks(long now, @Nullable Message next) {
    boolean isDue = now - pingedAt >= PING_MILLIS && (next == null || !next.isPing());
    pingedAt = isDue ? now : pingedAt;
    return isDue;
  }

  /** Whether a client that was closed has had the time to go in order. */
  boolean isOver(long now) {
    closedAt = closedAt == 0 ? now : closedAt;
    return now - closedAt > GRACE_MILLIS;
  }
}
