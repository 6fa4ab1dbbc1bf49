package org.mor.throughput.spark;

import java.util.function.Supplier;

/** What a task threw says what is wrong; what Spark says stands around it. */
final class Failures {
  private static final String OURS = "org.mor.throughput.";

  private Failures() {}

  /** Does work on Spark; a failure of our own code comes through as it was thrown. */
  static <T> T unwrapped(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof RuntimeException ours && ours.getClass().getName().startsWith(OURS)) {
          throw ours;
        }
      }
      throw new IllegalStateException("Spark did not do its work: " + e.getMessage(), e);
    }
  }
}
