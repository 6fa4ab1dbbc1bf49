package org.mor.throughput.simulation;

/** What goes wrong at a call; those of the store bear the names of {@code PlayedBucket.Trouble}. */
enum Hit {
  NONE,
  CRASH_BEFORE,
  CRASH_AFTER,
  // The store.
  FAILS_BEFORE,
  FAILS_AFTER,
  PRECONDITION_FAILED,
  CONFLICT,
  SLOW_DOWN,
  TIMEOUT,
  LATE,
  TRUNCATED,
  CORRUPT,
  FORBIDDEN,
  PRECONDITION_FAILED_UNDER_200,
  // An endpoint.
  TOO_MANY_REQUESTS,
  SERVER_ERROR,
  NO_ANSWER,
  GARBAGE,
  WRONG_ID,
  EMPTY_LOGS,
  PARTIAL_LOGS,
  LAGGING,
  REORGANISED,
  NULL_RESULT,
  ERROR_OBJECT,
  HUGE,
  /** A node that leaves out a log and says it has the range: only another scan heals it. */
  LIES
}
