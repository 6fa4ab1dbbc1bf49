package org.mor.throughput.adapter.s3;

import java.time.Duration;

/** How long to wait for a connection, for the next byte, and for a whole call. */
record Timeouts(Duration connect, Duration silence, Duration call) {
  /** A whole call may carry a partition of tens of megabytes over an operator's home line. */
  static final Timeouts STANDARD =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));
}
