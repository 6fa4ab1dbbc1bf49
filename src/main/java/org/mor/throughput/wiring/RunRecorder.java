package org.mor.throughput.wiring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunRecord.Work;
import org.mor.throughput.archive.RunStore;
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
  private static final Duration GRACE = Duration.ofSeconds(9);

  private final Graph graph;
  private final InstantSource clock;

  public RunRecorder(Graph graph, InstantSource clock) {
    this.graph = graph;
    this.clock = clock;
  }

  /** The program's version, or {@code unpackaged}. */
  public static String version() {
    return Optional.ofNullable(RunRecorder.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  /**
   * Carries a run out and records how it ended. A request that was refused before it did anything
   * (exit code 2 for its options or configuration) is no run.
   *
   * @param by {@code laptop} or {@code live}
   * @param outcome of a run that returned
   */
  public <T> T recorded(String kind, String by, Function<T, Outcome> outcome, Supplier<T> run) {
    Instant start = clock.instant();
    long asked = graph.rpcRequests();
    CountDownLatch ended = new CountDownLatch(1);
    // Ctrl-C ends a scan in its own time: the process waits for the record too.
    Thread hook = new Thread(() -> await(ended), "run-record");
    boolean waits = kind.equals("backfill") || kind.equals("incremental");
    if (waits) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
    try {
      T result = run.get();
      Outcome how = outcome.apply(result);
      record(kind, by, start, how, Optional.empty(), graph.rpcRequests() - asked, true);
      return result;
    } catch (RuntimeException | Error e) {
      ExitCode code = ExitCode.of(e);
      if (code != ExitCode.USAGE && code != ExitCode.REQUEST) {
        long requests = graph.rpcRequests() - asked;
        record(kind, by, start, Outcome.FAILED, Optional.of(e), requests, true);
      }
      throw e;
    } finally {
      ended.countDown();
      if (waits) {
        release(hook);
      }
    }
  }

  private static void await(CountDownLatch ended) {
    try {
      boolean unused = ended.await(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void release(Thread hook) {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The process is ending, and the hook has nothing left to wait for.
    }
  }

  /**
   * Records a run that has ended now.
   *
   * @param thrown why it failed; empty when it did not
   * @param rpcRequests HTTP requests to the endpoints; taken for 0 where it is negative
   * @param hasTime whether there is time for {@code status.json} too
   */
  public void record(
      String kind,
      String by,
      Instant start,
      Outcome outcome,
      Optional<Throwable> thrown,
      long rpcRequests,
      boolean hasTime) {
    try {
      Instant end = clock.instant();
      Work work = graph.work();
      OptionalLong time = work.cursor().time();
      new RunStore(graph.store())
          .add(
              new RunRecord(
                  graph.runId().replaceAll("[^A-Za-z0-9-]", "-"),
                  kind,
                  by,
                  version(),
                  start,
                  Math.max(0, Duration.between(start, end).toMillis()),
                  outcome,
                  work,
                  time.isEmpty()
                      ? time
                      : OptionalLong.of(Math.max(0, end.getEpochSecond() - time.getAsLong())),
                  Math.max(0, rpcRequests),
                  thrown.map(this::firstLine)));
    } catch (RuntimeException e) {
      warn("The record of this run could not be written; the run itself is not affected", e);
      return;
    }
    if (hasTime && RunRecord.SCHEDULED.contains(kind)) {
      try {
        new StatusRun(graph.store(), graph.ledger(), graph.settings())
            .publish(version(), clock.instant());
      } catch (RuntimeException e) {
        warn("status.json could not be published; the next run tries again", e);
      }
    }
  }

  private void warn(String what, RuntimeException why) {
    LOG.warn("{}: {}", what, firstLine(why));
    LOG.debug("{}", what, why);
  }

  /** Without secrets, URLs, whole hashes and addresses, and without the name of the user. */
  private String firstLine(Throwable thrown) {
    String said = thrown.getMessage() == null ? "no message" : thrown.getMessage();
    String message =
        ExitCode.of(thrown) == ExitCode.FAULT ? thrown.getClass().getName() + ": " + said : said;
    String line = message.lines().findFirst().orElse("");
    String home = System.getProperty("user.home");
    String plain = home == null || home.length() < 3 ? line : line.replace(home, "~");
    return graph
        .redactor()
        .redactAnswer(plain, ERROR_CHARACTERS)
        .replaceAll("(0x[0-9a-fA-F]{8})[0-9a-fA-F]{24,}", "$1…");
  }
}
