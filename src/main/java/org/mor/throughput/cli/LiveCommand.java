package org.mor.throughput.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.live.LiveServer;
import org.mor.throughput.telemetry.Telemetry;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.RunRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "live",
    description =
        "Streams the market's events as they happen, and serves what serve does on the same port.",
    footer = {
      "%nExamples:",
      "  indexer live",
      "  indexer live --index --port 8700",
      "  curl -N http://127.0.0.1:8700/v1/sse/sessions",
      "%ndocs/live.md describes the channels and messages."
    })
final class LiveCommand extends ReportingCommand {
  private static final Logger LOG = LoggerFactory.getLogger(LiveCommand.class);

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8700",
      converter = Converters.Port.class,
      description = "The port, 0 for any free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on; default: ${DEFAULT-VALUE}.")
  private String bind = "127.0.0.1";

  @Option(
      names = "--index",
      description = "Also do the scheduled run in this process, every SCHEDULE_MINUTES.")
  private boolean index;

  @Override
  Need[] needs() {
    return index
        ? new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK}
        : new Need[] {Need.RPC, Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Config.Live config = graph.config().live();
    LiveServer.Parts parts =
        new LiveServer.Parts(
            config,
            graph.settings(),
            graph.chain(),
            graph.chain(graph.rpcUrls()),
            graph.reader(),
            graph.store(),
            graph::ledger,
            graph.privacy(),
            around.redactor(),
            around.home().resolve(config.directory()),
            () -> Instant.now().getEpochSecond(),
            LiveServer.Parts::monotonicMillis);
    ExecutorService runs = runs();
    Thread main = Thread.currentThread();
    Optional<Telemetry> telemetry = TelemetryCommand.start(graph.config(), around);
    try (LiveServer server =
        LiveServer.start(
            parts, bind, port, all -> TelemetryCommand.around(telemetry, graph.config(), all))) {
      telemetry.ifPresent(figures -> figures.streams(server::clients, server::dropped));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main, runs, server)));
      around
          .notices()
          .println("Streaming at %s until you press Ctrl-C".formatted(server.address()));
      around.notices().flush();
      if (index) {
        Graph own = new Graph(graph.config(), around.home(), around.redactor(), Graph.Tempo.real());
        runs.execute(() -> indexEvery(own, config.scheduleMinutes()));
      }
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new BadRequestException(
          "Port %d of %s cannot be used (%s): choose another one with --port, or 0 for any"
              .formatted(port, bind, e.getMessage()));
    } finally {
      runs.shutdownNow();
    }
    return Report.NOTHING;
  }

  private static ExecutorService runs() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "live-index");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** A run that is under way is left where it is: the next one goes on from there. */
  private static void stop(Thread main, ExecutorService runs, LiveServer server) {
    runs.shutdownNow();
    server.close();
    main.interrupt();
  }

  private static void indexEvery(Graph graph, long minutes) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        index(graph);
        TimeUnit.MINUTES.sleep(minutes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void index(Graph graph) {
    try {
      graph.beginRun(UUID.randomUUID().toString(), () -> Duration.ofDays(1));
      ScheduledRun.Report done =
          new RunRecorder(graph, InstantSource.system())
              .recorded(
                  "live-index",
                  "live",
                  run -> run.isPartial() ? Outcome.PARTIAL : Outcome.DONE,
                  () -> scheduled(graph, Instant.now()));
      LOG.info(
          "Scheduled run: {}; documents {}",
          done.scan()
              .scan()
              .flatMap(ScanReport::done)
              .map(blocks -> "blocks %s scanned".formatted(blocks))
              .orElse("no new block"),
          done.rollup().isPresent() ? "published" : "unchanged");
      done.problems().forEach(problem -> LOG.warn("Scheduled run: {}", problem));
    } catch (RuntimeException e) {
      LOG.warn("The scheduled run failed; the next one tries again: {}", e.getMessage());
      LOG.debug("The scheduled run failed", e);
    }
  }

  private static ScheduledRun.Report scheduled(Graph graph, Instant now) {
    graph.followSecret();
    return new ScheduledRun(graph.reader(), graph.ledger(), graph.rollup())
        .run(
            ScheduledRun.Publishing.WHEN_NEW,
            RunBudget.unlimited(),
            ScanListener.none(),
            graph.partials(false),
            now,
            rollup -> graph.cdn().after(Optional.of(rollup), now));
  }
}
