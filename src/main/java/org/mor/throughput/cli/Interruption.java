package org.mor.throughput.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.index.RunBudget;

/**
 * Ctrl-C and SIGTERM: a scan reads nothing more, stores what it has read, and says how far it got.
 * The process then ends as the signal wants, with exit code 130 or 143; after {@link #GRACE} in any
 * case.
 */
final class Interruption implements RunBudget, AutoCloseable {
  /** Less than the ten seconds after which a container's process is killed. */
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean asked;

  /**
   * @param stop wakes whoever waits for the chain
   */
  Interruption(Runnable stop) {
    this.hook = new Thread(() -> end(stop), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void end(Runnable stop) {
    asked = true;
    stop.run();
    try {
      boolean unused = ended.await(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a scan; where it was asked to end, a notice takes the place of its report. */
  Report watched(Progress progress, Surroundings around, Supplier<Report> scan) {
    Report report = Report.NOTHING;
    try {
      report = scan.get();
    } catch (ChainUnavailableException e) {
      if (!asked) {
        throw e;
      }
    }
    if (asked) {
      around.notices().println(progress.interrupted());
      around.notices().flush();
      return Report.NOTHING;
    }
    return report;
  }

  @Override
  public boolean allowsAnotherRange() {
    return !asked;
  }

  @Override
  public boolean allowsCommit() {
    return true;
  }

  @Override
  public boolean allowsPublishing() {
    return !asked;
  }

  @Override
  public void close() {
    ended.countDown();
    if (!asked) {
      try {
        boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal came just now: the hook finds nothing left to wait for.
        asked = true;
      }
    }
  }
}
