package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.base.Patience;
import org.mor.throughput.config.Config;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.verify.Check;
import org.mor.throughput.verify.Verification;

/** The demonstration: a simulated chain, indexed by the same code, then verified. */
final class Demo {
  private static final String DIRECTORY = "local-raw/demo";
  private static final long BLOCKS_MEANWHILE = 2_400;
  private static final int SESSIONS_MEANWHILE = 40;

  /** Rows that are compared with the chain at the end. */
  private static final int SAMPLE = 50;

  private final Surroundings around;
  private final Config config;

  Demo(Config config, Surroundings around) {
    this.config = config;
    this.around = around;
  }

  /**
   * @param port where the result is served until stopped; 0 for any free port, absent to end
   *     instead
   */
  Report run(OptionalInt port, long seed, int sessions) {
    Path directory = around.home().resolve(DIRECTORY);
    empty(directory);
    SimulatedMarket market =
        SimulatedMarket.create(MarketSettings.of(seed, sessions, firstEnd(Instant.now())));
    FileObjectStore store = new FileObjectStore(directory);
    List<String> lines = new ArrayList<>();
    ObjectNode json = Report.object();
    boolean differs;
    try (SimulatedNode node = SimulatedNode.start(market, 0)) {
      say("A simulated marketplace answers JSON-RPC at %s".formatted(node.url()));
      differs = index(market, node, store, lines, json);
    } catch (IOException e) {
      throw new UncheckedIOException("The simulated node could not be started", e);
    }
    lines.add("");
    lines.add("rows and documents: " + directory);
    if (port.isEmpty()) {
      lines.add(
          "next: ./indexer demo serves them; ./indexer --help lists the commands for the real chain");
      return new Report(lines, json, differs);
    }
    serve(store, port.getAsInt(), lines);
    return new Report(List.of(), json, differs);
  }

  /** When the history ends at first: what happens meanwhile brings it to the present. */
  private static Instant firstEnd(Instant now) {
    long meanwhile = SimulatedMarket.timeOf(BLOCKS_MEANWHILE) - SimulatedMarket.timeOf(0);
    return now.minusSeconds(meanwhile).truncatedTo(ChronoUnit.MINUTES);
  }

  private boolean index(
      SimulatedMarket market,
      SimulatedNode node,
      ObjectStore store,
      List<String> lines,
      ObjectNode json) {
    RpcChainReader chain = RpcChainReader.open(List.of(node.url()), SimulatedMarket.CHAIN_ID);
    IndexSettings settings = settings(market);
    Ledger ledger = ledger(store);
    ContractReader reader = new ContractReader(chain, settings, attempt -> {});
    backfill(reader, settings, ledger);
    market.extend(BLOCKS_MEANWHILE, SESSIONS_MEANWHILE);
    RollupRun rollup =
        new RollupRun(
            settings,
            ledger,
            market.rules(),
            new Publisher(store, attempt -> {}),
            Runtime.getRuntime().availableProcessors());
    scheduled(reader, ledger, rollup);
    refresh(reader, ledger);
    RollupRun.Report report = rollup.run(reader, PartialCache.none(), Instant.now());
    Verification.Report verified = verify(reader, settings, ledger, store, rollup);
    List<String> differences = totals(market, report);

    lines.addAll(RollupText.summary(report));
    lines.add("");
    TextTable table = new TextTable("check", "result", "");
    for (Check check : verified.checks()) {
      table.add(check.name(), check.outcome().label(), check.detail());
    }
    lines.addAll(table.lines());
    lines.add("");
    lines.add(
        differences.isEmpty()
            ? "Sessions and tokens agree with what the simulator did."
            : "The documents differ from what the simulator did:");
    differences.forEach(difference -> lines.add("  " + difference));
    lines.add(ScanText.rpcLine(chain.stats().snapshot()));
    RollupText.add(report, new ArrayList<>(), json.putObject("rollup"));
    json.put("differences", differences.size());
    json.put("verified", !verified.differs());
    ScanText.rpc(json, chain.stats().snapshot());
    return verified.differs() || !differences.isEmpty();
  }

  private static Verification.Report verify(
      ContractReader reader,
      IndexSettings settings,
      Ledger ledger,
      ObjectStore store,
      RollupRun rollup) {
    return new Verification(store, ledger, UserPrivacy.plain(), settings, rollup)
        .run(
            Optional.of(new Verification.Opinion(reader, "through the simulated node")),
            new Verification.Sample(SAMPLE, new SplittableRandom(1)),
            Verification.Listener.none());
  }

  /** Where the published totals differ from the sessions that the simulator opened and closed. */
  private static List<String> totals(SimulatedMarket market, RollupRun.Report report) {
    long block = report.rollup().asOf().block();
    long opened = 0;
    long closed = 0;
    BigInteger tokens = BigInteger.ZERO;
    for (LedgerEntry entry : market.ledger().entries()) {
      opened += entry.openedBy(block) ? 1 : 0;
      closed += entry.closedBy(block) ? 1 : 0;
      if (entry.closedBy(block) && entry.format() == ReceiptFormat.SEVEN_FIELD) {
        tokens = tokens.add(BigInteger.valueOf(entry.inputTokens() + entry.outputTokens()));
      }
    }
    Metrics all = report.rollup().windows().allTime();
    List<String> differences = new ArrayList<>();
    compare("sessionsOpened", all.sessions().opened(), opened, differences);
    compare("sessionsClosed", all.sessions().closed(), closed, differences);
    compare("tokensReceipt", all.tokens().receipt(), tokens, differences);
    return differences;
  }

  private static void compare(
      String figure, Object published, Object expected, List<String> differences) {
    if (!published.equals(expected)) {
      differences.add("%s is %s, expected %s".formatted(figure, published, expected));
    }
  }

  private void backfill(ContractReader reader, IndexSettings settings, Ledger ledger) {
    Backfill backfill = new Backfill(reader, ledger);
    Backfill.Plan plan =
        backfill.plan(
            new Backfill.Request(settings.startBlock().orElseThrow(), OptionalLong.empty(), false));
    try (Progress progress = new Progress(around.progress(), "backfill")) {
      Backfill.Report report = backfill.run(plan, RunBudget.unlimited(), progress);
      say(
          "Back-filled %,d blocks: %,d opens, %,d closes"
              .formatted(plan.blocks(), report.opens(), report.closes()));
    }
  }

  private void scheduled(ContractReader reader, Ledger ledger, RollupRun rollup) {
    ScheduledRun.Report report =
        new ScheduledRun(reader, ledger, rollup)
            .run(
                ScheduledRun.Publishing.NEVER,
                RunBudget.unlimited(),
                ScanListener.none(),
                PartialCache.none(),
                Instant.now());
    Incremental.Report scan = report.scan();
    say(
        "Scanned the %,d blocks that appeared meanwhile: %,d opens, %,d closes"
            .formatted(
                BLOCKS_MEANWHILE,
                scan.scan().map(ScanReport::opens).orElse(0L),
                scan.scan().map(ScanReport::closes).orElse(0L)));
  }

  private void refresh(ContractReader reader, Ledger ledger) {
    List<Month> months = List.copyOf(ledger.rows().partitions(RowKind.CLOSES).keySet());
    var report =
        new CloseRefresh(reader, ledger)
            .run(
                new CloseRefresh.Request(months, Integer.MAX_VALUE, 0, false),
                CloseRefresh.Listener.none());
    say("Read %,d unsettled closes again, for claims after the close".formatted(report.read()));
  }

  private void serve(ObjectStore store, int port, List<String> lines) {
    PrintWriter out = around.notices();
    lines.forEach(out::println);
    ServeCommand.serve(
        store,
        port,
        handler -> handler,
        out,
        address ->
            """

            The page is at %sthroughput.html until you press Ctrl-C; %s lists the documents.
            next: look at it; then cp config.env.example config.env and index the real chain"""
                .formatted(address, address),
        "with --port, 0 for any, or --no-serve");
  }

  private IndexSettings settings(SimulatedMarket market) {
    Config.Scan scan = config.scan();
    return new IndexSettings(
        "base",
        SimulatedMarket.CHAIN_ID,
        new Diamond(SimulatedMarket.DIAMOND),
        OptionalLong.of(market.startBlock()),
        IndexSettings.Confirmation.BLOCKS,
        scan.safetyLagBlocks(),
        scan.overlapBlocks(),
        scan.maxBlocksPerRun(),
        scan.enrichClosesPerRun());
  }

  private static Ledger ledger(ObjectStore store) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        Patience.none(),
        new NetworkId("base", SimulatedMarket.DIAMOND),
        new Ledger.Run("demo", Instant::now));
  }

  private void say(String line) {
    around.notices().println(line);
    around.notices().flush();
  }

  /** Deletes a directory of the program's own. */
  static void empty(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be emptied".formatted(directory), e);
    }
  }
}
