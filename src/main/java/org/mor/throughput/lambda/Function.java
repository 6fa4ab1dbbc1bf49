package org.mor.throughput.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.index.Status;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.wiring.Cdn;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;
import org.mor.throughput.wiring.RunRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduled function with its configuration and clients, made once for many runs. */
final class Function {
  private static final Logger LOG = LoggerFactory.getLogger(Function.class);

  private static final long PRIMING_TIME = 1_767_225_600;

  private final Graph graph;
  private final InstantSource clock;
  private final String by;

  private Function(Graph graph, InstantSource clock, String by) {
    this.graph = graph;
    this.clock = clock;
    this.by = by;
  }

  /**
   * Reads the configuration and makes the clients; contacts nobody.
   *
   * @throws org.mor.throughput.config.ConfigException with all that is wrong with it
   */
  static Function of(
      Map<String, String> environment, FunctionLog log, InstantSource clock, Tempo tempo) {
    Map<String, String> variables = ConfigFile.ofProgram(environment);
    Config.hideSecrets(variables, log.redactor());
    Config config = Config.parse(variables, Need.RPC, Need.STORE, Need.START_BLOCK);
    log.level(config.log().level());
    Graph graph = new Graph(config, Path.of("/tmp"), log.redactor(), tempo);
    graph.connect();
    String version = environment.getOrDefault("AWS_LAMBDA_FUNCTION_VERSION", "unknown");
    return new Function(graph, clock, "function " + version);
  }

  String network() {
    return graph.config().network().name();
  }

  /** Each invocation writes under its own id, also one that fails before it runs. */
  void begin(String runId, Handler.TimeLeft time) {
    graph.beginRun(runId, time::forOneQuestion);
  }

  /** Leaves the record of an invocation that was reported, as far as there is time. */
  void record(RunReport report, Instant start, Optional<Throwable> thrown, Handler.TimeLeft time) {
    Optional<String> kind = report.identity().kind();
    if (kind.isEmpty()) {
      return;
    }
    if (!time.allowsRecord()) {
      LOG.warn("There is no time left for the record of this run");
      return;
    }
    new RunRecorder(graph, clock)
        .record(
            kind.get(),
            by,
            start,
            thrown.isPresent()
                ? RunRecord.Outcome.FAILED
                : report.isPartial() ? RunRecord.Outcome.PARTIAL : RunRecord.Outcome.DONE,
            thrown.orElse(null),
            report.rpc().requests(),
            time::allowsPublishing);
    if (thrown.orElse(null) instanceof ConfigException) {
      graph.forgetEndpoints(); // the status has asked for the secret again, which is not mended yet
    }
  }

  /** What one run did, before it is reported: a scheduled run, or a step of a backfill. */
  record Outcome(
      Optional<ScheduledRun.Report> done,
      Optional<Job.Done> job,
      Cdn.Report cdn,
      Optional<Integer> gaps,
      Optional<Long> lagSeconds) {}

  /**
   * Scans, refreshes, publishes and tells the CDN. When an endpoint refused the key and the secret
   * has another by now, the run is made once more with that.
   *
   * @param warnings takes what is no failure
   */
  Outcome run(RunRequest request, Handler.TimeLeft time, RpcMeter meter, List<String> warnings) {
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

  private Outcome once(
      RunRequest request, Handler.TimeLeft time, RpcMeter meter, List<String> warnings) {
    meter.follow(graph.chain().stats());
    Instant now = clock.instant();
    if (request.job().isPresent()) {
      Job.Done done = request.job().get().step().run(graph, time, now);
      Cdn.Report told = told(graph.cdn().after(done.rollup(), now), warnings);
      return new Outcome(
          Optional.empty(), Optional.of(done), told, Optional.empty(), Optional.empty());
    }
    Cdn.Report[] cdn = {graph.cdn().after(Optional.empty(), now)};
    ScheduledRun.Report done =
        new ScheduledRun(graph.reader(settings(request)), graph.ledger(), graph.rollup())
            .run(
                request.publishing(),
                time,
                ScanListener.none(),
                graph.partials(false),
                now,
                rollup -> cdn[0] = graph.cdn().after(Optional.of(rollup), now));
    cdn[0] = told(cdn[0], warnings);
    warnings.addAll(done.problems());
    if (done.scan().historyNeedsBackfill()) {
      warnings.add(
          "There was no cursor: everything before the scanned range is left to `indexer backfill`.");
    }
    Optional<Cursor> cursor = done.scan().cursor();
    Optional<Integer> gaps =
        cursor.map(found -> Status.gaps(graph.ledger(), graph.settings(), cursor).size());
    return new Outcome(
        Optional.of(done), Optional.empty(), cdn[0], gaps, lagSeconds(cursor, clock.instant()));
  }

  private static Cdn.Report told(Cdn.Report cdn, List<String> warnings) {
    if (cdn.state() == Cdn.Report.State.FAILED) {
      warnings.add(cdn.problem());
      LOG.warn("{}", cdn.problem());
    }
    return cdn;
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
    rollUpNothing(graph.settings());
  }

  /** Drops what must not be shared by environments that start from one snapshot. */
  void forget() {
    graph.forgetEndpoints();
  }

  /** Runs an empty rollup in memory, so that its classes are loaded. */
  private static void rollUpNothing(IndexSettings settings) {
    MemoryObjectStore store = new MemoryObjectStore();
    NetworkId network = new NetworkId(settings.network(), settings.diamond().address());
    Patience retry = Patience.none();
    Instant never = Instant.EPOCH;
    Ledger ledger =
        new Ledger(
            store, UserPrivacy.plain(), retry, network, new Ledger.Run("priming", () -> never));
    BlockRange range = new BlockRange(0, 0);
    ledger.coverage().add(range);
    Hash32 hash = Hash32.fromHex("0x" + "0".repeat(64));
    ledger
        .cursor()
        .advance(range, new BlockHeader(0, hash, PRIMING_TIME), network, 0, never, "priming");
    MetricRules rules = new MetricRules(1, 0, 0, Set.of());
    new RollupRun(settings, ledger, rules, new Publisher(store, attempt -> {}), 1)
        .run(PartialCache.none(), never);
  }

  /** Counts what one invocation asked, over readers that serve many invocations. */
  static final class RpcMeter {
    private RpcStats.Snapshot finished = RpcStats.Snapshot.nothing();
    private RpcStats.Snapshot before = RpcStats.Snapshot.nothing();
    private @Nullable RpcStats current;

    /** From now on this reader's counts are added. */
    void follow(RpcStats stats) {
      finished = total();
      current = stats;
      before = stats.snapshot();
    }

    RpcStats.Snapshot total() {
      return current == null ? finished : finished.plus(current.snapshot().since(before));
    }

    /**
     * Whether an endpoint did not accept the key or its plan ended, which a new secret may mend.
     */
    boolean sawRefusal() {
      var failures = total().failures();
      return failures.containsKey(RpcStats.REFUSED) || failures.containsKey(RpcStats.PLAN);
    }
  }
}
