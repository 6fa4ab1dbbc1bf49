package org.mor.throughput.spark;

import java.util.function.Supplier;
import org.mor.throughput.index.BadRequestException;

/** Rethrows a task's own exception; Spark wraps it. */
final class Failures {
  private static final String OURS = "org.mor.throughput.";

  private Failures() {}

  /** Does work on Spark. */
  static <T> T unwrapped(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      Throwable last = e;
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        last = cause;
        if (cause instanceof RuntimeException ours && ours.getClass().getName().startsWith(OURS)) {
          throw ours;
        }
        if (cause instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
      }
      String said = String.valueOf(last.getMessage()).lines().findFirst().orElse("");
      if (said.contains("shutdown") || said.contains("shut down") || said.contains("stopped")) {
        throw new BadRequestException(
            "Spark ended before the work was done: %s. next: see whether the cluster that --master names runs, then run the same command again"
                .formatted(said));
      }
      throw new IllegalStateException(
          "Spark did not do its work: %s: %s".formatted(last.getClass().getName(), said), e);
    }
  }
}
