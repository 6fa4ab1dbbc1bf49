package org.mor.throughput.logging;

/** What a log line looks like. */
public enum LogFormat {
  /** {@code 2026-04-21T13:00:00.123Z INFO index.Backfill - message}. */
  TEXT,
  /** One JSON object a line: timestamp, level, logger, message, runId, exception. */
  JSON
}
