package org.mor.throughput.protocol;

/** What may go wrong with one step of a writer. */
enum Fault {
  NONE,
  /** The process ends before the step has any effect; the next run starts from the beginning. */
  CRASH_BEFORE,
  /** The process ends after the step had its effect. */
  CRASH_AFTER,
  /** A put is refused with 412 or 409 although its condition may hold. */
  CONFLICT,
  /** A put is not carried out and the writer cannot know. */
  SERVER_ERROR,
  /** A put is carried out and the writer cannot know. */
  LOST_ACK,
  /** A put is still on its way when the writer stops waiting; it lands later, or never. */
  DELAYED,
  /** A read is not answered; the run ends. */
  UNAVAILABLE,
  /** A read is answered in part; the run ends. */
  TRUNCATED,
  /** The node is behind: it says a lower head, or has no logs where there are some. */
  LAGGING
}
