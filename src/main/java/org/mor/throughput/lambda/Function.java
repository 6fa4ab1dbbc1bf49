package org.mor.throughput.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.config.Need;
import org.mor.throughput.config.Secrets;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScheduledReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.index.Status;
import org.mor.throughput.wiring.CdnReport;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Tempo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduled function with its configuration and clients, made once for many runs. */
final class Function {
  private static final Logger LOG = LoggerFactory.getLogger(Function.class);

  private final Graph graph;
  private final InstantSource clock;

  private Function(Graph graph, InstantSource clock) {
    this.graph = graph;
    this.clock = clock;
  }

  /**
   * Reads the configuration and makes the clients; contacts nobody.
   *
   * @throws org.mor.throughput.config.ConfigException with all that is wrong with it
   */
  static Function of(
      Map<String, String> environment, FunctionLog log, InstantSource clock, Tempo tempo) {
    Map<String, String> variables = ConfigFile.ofProgram(environment);
    Secrets.register(variables, log.redactor());
    Config config = Config.parse(variables, Need.RPC, Need.STORE, Need.START_BLOCK);
    log.level(config.log().level());
    Graph graph = new Graph(config, Path.of("/tmp"), log.redactor(), tempo);
    graph.connect();
    return new Function(graph, clock);
  }

  String network() {
    return graph.config().network().name();
  }

  /** What one run did, before it is reported. */
  record Outcome(
      ScheduledReport done, CdnReport cdn, Optional<Integer> gaps, Optional<Long> lagSeconds) {}

  /**
   * Scans, refreshes, publishes and tells the CDN. When an endpoint refused the key and the secret
   * has another by now, the run is made once more with that.
   *
   * @param runId is in everything the run writes
   * @param warnings takes what is no failure
   */
  Outcome run(
      String runId, RunRequest request, TimeLeft time, RpcMeter meter, List<String> warnings) {
    graph.beginRun(runId, time::forOneQuestion);
    try {
      graph.followSecret();
      return once(request, time, meter, warnings);
    } catch (ChainUnavailableException e) {
      if (!meter.sawRefusal() || !secretHasChanged()) {
        throw e;
      }
      warnings.add(
          "An endpoint refused its key; the secret holds another one, so the run was made again: "
              + e.getMessage());
      return once(request, time, meter, warnings);
    } catch (ConfigException e) {
      graph.forgetEndpoints(); // a secret that holds no URL is not kept until it is mended
      throw e;
    } finally {
      if (meter.sawRefusal()) {
        // A reader never asks an endpoint again that refused it; the next run is to try it.
        graph.forgetEndpoints();
      }
    }
  }

  private boolean secretHasChanged() {
    var before = graph.rpcUrls();
    graph.forgetEndpoints();
    return !graph.rpcUrls().equals(before);
  }

  private Outcome once(RunRequest request, TimeLeft time, RpcMeter meter, List<String> warnings) {
    meter.follow(graph.chain().stats());
    Instant now = clock.instant();
    CdnReport[] cdn = {graph.cdn().after(Optional.empty(), now)};
    ScheduledReport done =
        new ScheduledRun(
                graph.chain(), settings(request), graph.ledger(), graph.rollup(), graph.patience())
            .run(
                request.publishing(),
                time,
                ScanListener.none(),
                graph.partials(false),
                now,
                rollup -> cdn[0] = graph.cdn().after(Optional.of(rollup), now));
    if (cdn[0].state() == CdnReport.State.FAILED) {
      warnings.add(cdn[0].problem());
      LOG.warn("{}", cdn[0].problem());
    }
    warnings.addAll(done.problems());
    if (done.scan().historyNeedsBackfill()) {
      warnings.add(
          "There was no cursor: everything before the scanned range is left to `indexer backfill`.");
    }
    Optional<Cursor> cursor = done.scan().cursor();
    Optional<Integer> gaps =
        cursor.map(found -> Status.gaps(graph.ledger(), graph.settings(), cursor).size());
    return new Outcome(done, cdn[0], gaps, lagSeconds(cursor, clock.instant()));
  }

  private static Optional<Long> lagSeconds(Optional<Cursor> cursor, Instant now) {
    OptionalLong time = cursor.map(Cursor::lastBlockTime).orElse(OptionalLong.empty());
    return time.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Math.max(
                0, Duration.between(Instant.ofEpochSecond(time.getAsLong()), now).toSeconds()));
  }

  private IndexSettings settings(RunRequest request) {
    return request.maxBlocks().isPresent()
        ? graph.settings().withMaxBlocksPerRun(request.maxBlocks().getAsLong())
        : graph.settings();
  }

  /** Loads what every run needs, without contacting anybody. */
  void prime() {
    graph.cdn().connect();
    Priming.run(graph.settings());
  }

  /** Drops what must not be shared by environments that start from one snapshot. */
  void forget() {
    graph.forgetEndpoints();
  }
}
