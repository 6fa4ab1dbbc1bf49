package org.mor.throughput.wiring;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ResourceBundle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.index.RunTally;
import org.mor.throughput.index.StatusRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves one record of each run, failed ones too; after a scheduled one it publishes {@code
 * status.json}. A record that cannot be written is a warning and never fails the run.
 */
public final class RunRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);
  private static final int ERROR_CHARACTERS = 300;

  /** Less than the ten seconds after which a container's process is killed. */
  private static final long GRACE_SECONDS = 9;

  private static final String VERSION =
      ResourceBundle.getBundle("org.mor.throughput.wiring.version").getString("version");

  private final Graph graph;
  private final InstantSource clock;

  public RunRecorder(Graph graph, InstantSource clock) {
    this.graph = graph;
    this.clock = clock;
  }

  /** The program's version: that of {@code pom.xml}, which the build writes into the resource. */
  public static String version() {
    return VERSION;
  }

  /**
   * Carries a run out and records how it ended.
   *
   * @param by {@code laptop} or {@code live}
   * @param outcome of a run that returned
   */
  public <T> T recorded(String kind, String by, Function<T, Outcome> outcome, Supplier<T> run) {
    Instant start = clock.instant();
    long asked = graph.rpcRequests();
    CountDownLatch ended = new CountDownLatch(1);
    if (kind.equals("backfill") || kind.equals("incremental")) {
      // Ctrl-C ends a scan in its own time: the process waits for the record too.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended), "run-record"));
    }
    try {
      T result = run.get();
      record(kind, by, start, outcome.apply(result), null, requestsSince(asked), () -> true);
      return result;
    } catch (RuntimeException | Error e) {
      record(kind, by, start, Outcome.FAILED, e, requestsSince(asked), () -> true);
      throw e;
    } finally {
      ended.countDown();
    }
  }

  /** A reader that was made anew meanwhile counts from 0. */
  private long requestsSince(long asked) {
    long now = graph.rpcRequests();
    return now < asked ? now : now - asked;
  }

  private static void await(CountDownLatch ended) {
    try {
      boolean unused = ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Records a run that has ended now. What was refused for what it asked, before it wrote anything,
   * is no run; one that lacked its secret or met a wrong chain is a failed run.
   *
   * @param thrown why it failed; null when it did not
   * @param rpcRequests HTTP requests to the endpoints
   * @param hasTime whether there is time for {@code status.json} too; asked after the record
   */
  public void record(
      String kind,
      String by,
      Instant start,
      Outcome outcome,
      @Nullable Throwable thrown,
      long rpcRequests,
      BooleanSupplier hasTime) {
    RunTally tally = graph.run().tally();
    if (thrown != null && ExitCode.of(thrown) == ExitCode.REQUEST && tally.isEmpty()) {
      return;
    }
    attempt(
        "The record of this run could not be written; the run itself is not affected",
        () ->
            new RunStore(graph.store())
                .add(
                    tally.record(
                        graph.run().id(),
                        kind,
                        by,
                        version(),
                        start,
                        clock.instant(),
                        outcome,
                        rpcRequests,
                        thrown == null ? null : firstLine(thrown))));
    if (hasTime.getAsBoolean() && RunRecord.SCHEDULED.contains(kind)) {
      attempt(
          "status.json could not be published; the next run tries again",
          () ->
              new StatusRun(graph.store(), graph.ledger(), graph.settings())
                  .publish(version(), clock.instant()));
    }
  }

  private void attempt(String failing, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("{}: {}", failing, firstLine(e));
      LOG.debug("{}", failing, e);
    }
  }

  /** Without secrets, URLs, whole hashes and addresses, and without the name of the user. */
  private String firstLine(Throwable thrown) {
    String said = String.valueOf(thrown.getMessage());
    String message =
        ExitCode.of(thrown) == ExitCode.FAULT ? thrown.getClass().getName() + ": " + said : said;
    String line = message.lines().findFirst().orElse("");
    String home = System.getProperty("user.home", "");
    return graph
        .redactor()
        .redactAnswer(home.length() < 3 ? line : line.replace(home, "~"), ERROR_CHARACTERS)
        .replaceAll("(0x[0-9a-fA-F]{8})[0-9a-fA-F]{24,}", "$1…");
  }
}
