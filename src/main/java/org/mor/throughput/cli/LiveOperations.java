package org.mor.throughput.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.WrongChainException;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillPlan;
import org.mor.throughput.index.BackfillReport;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RefreshReport;
import org.mor.throughput.index.RefreshRequest;
import org.mor.throughput.index.Repair;
import org.mor.throughput.index.RepairReport;
import org.mor.throughput.index.Rewind;
import org.mor.throughput.index.RollupReport;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScheduledReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.index.SpotCheck;
import org.mor.throughput.index.Status;
import org.mor.throughput.index.TrustlessCheck;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.session.Month;
import org.mor.throughput.wiring.CdnReport;
import org.mor.throughput.wiring.Graph;

/** The commands, carried out. */
final class LiveOperations implements Operations {
  private final Graph graph;
  private final Surroundings around;

  LiveOperations(Graph graph, Surroundings around) {
    this.graph = graph;
    this.around = around;
  }

  @Override
  public Report demo(Demo request) {
    return new DemoOperation(around, graph.config()).run(request);
  }

  @Override
  public Report backfill(Backfill request) {
    long start = request.start().orElseGet(() -> graph.settings().startBlock().orElseThrow());
    org.mor.throughput.index.Backfill backfill = backfill();
    BackfillPlan plan = backfill.plan(new BackfillRequest(start, request.end(), request.rescan()));
    if (request.dryRun()) {
      return ScanText.plan(plan);
    }
    try (ScanProgress progress = new ScanProgress(around.progress(), "backfill")) {
      BackfillReport report = backfill.run(plan, RunBudget.unlimited(), progress);
      return ScanText.backfill(report, graph.chain().stats().snapshot());
    }
  }

  private org.mor.throughput.index.Backfill backfill() {
    return new org.mor.throughput.index.Backfill(
        graph.chain(), graph.settings(), graph.ledger(), graph.patience());
  }

  @Override
  public Report incremental() {
    ScheduledRun run =
        new ScheduledRun(
            graph.chain(), graph.settings(), graph.ledger(), graph.rollup(), graph.patience());
    Instant now = Instant.now();
    CdnReport[] cdn = {graph.cdn().after(Optional.empty(), now)};
    ScheduledReport report;
    try (ScanProgress progress = new ScanProgress(around.progress(), "scan")) {
      report =
          run.run(
              ScheduledRun.Publishing.ALWAYS,
              RunBudget.unlimited(),
              progress,
              graph.partials(false),
              now,
              rollup -> cdn[0] = graph.cdn().after(Optional.of(rollup), now));
    }
    return CdnText.add(cdn[0], ScanText.scheduled(report, graph.chain().stats().snapshot()));
  }

  @Override
  public Report rollup(Rollup request) {
    RollupRun run = graph.rollup();
    PartialCache partials = graph.partials(request.full());
    Instant now = Instant.now();
    RollupReport report =
        request.stuck()
            ? run.run(graph.chain(), graph.patience(), partials, now)
            : run.run(partials, now);
    return CdnText.add(graph.cdn().after(Optional.of(report), now), RollupText.of(report));
  }

  @Override
  public Report enrichCloses(EnrichCloses request) {
    Ledger ledger = graph.ledger();
    List<Month> stored = List.copyOf(ledger.rows().partitions(RowKind.CLOSES).keySet());
    List<Month> months = request.partition().map(List::of).orElse(stored);
    if (!stored.containsAll(months)) {
      throw new BadRequestException(
          "There is no partition %s in %s; there are: %s"
              .formatted(months.get(0), graph.store().location(), stored));
    }
    RefreshReport report;
    try (RefreshProgress progress = new RefreshProgress(around.progress())) {
      report =
          new CloseRefresh(graph.chain(), graph.settings(), ledger, graph.patience())
              .run(
                  new RefreshRequest(
                      months, request.limit().orElse(Integer.MAX_VALUE), 0, request.dryRun()),
                  progress);
    }
    Instant now = Instant.now();
    Optional<RollupReport> published =
        request.publish()
            ? Optional.of(
                graph.rollup().run(graph.chain(), graph.patience(), graph.partials(false), now))
            : Optional.empty();
    return CdnText.add(graph.cdn().after(published, now), RefreshText.of(report, published));
  }

  @Override
  public Report spotCheck(int recent) {
    SpotCheck.Result result;
    try (ScanProgress progress = new ScanProgress(around.progress(), "looking back")) {
      result =
          new SpotCheck(graph.chain(), graph.settings(), graph.patience()).run(recent, progress);
    }
    return SpotCheckText.of(result, graph.rules(), graph.privacy());
  }

  @Override
  public Report status() {
    Status status;
    Optional<RuntimeException> trouble = Optional.empty();
    try {
      status = status(optionalChain());
    } catch (ChainException e) {
      // What the store holds is worth showing all the same.
      status = status(Optional.empty());
      // What was proven on another chain, or of an address without a contract, is no proof.
      status = e instanceof WrongChainException ? status.withoutProof() : status;
      trouble = Optional.of(e);
    }
    return StatusText.of(
        status,
        graph.store().location(),
        !(graph.store() instanceof FileObjectStore files) || files.isMade(),
        graph.hasChain() ? graph.hosts() : List.of(),
        graph.publisher().storedStuck(),
        trouble);
  }

  private Status status(Optional<ChainReader> chain) {
    return Status.read(graph.ledger(), graph.settings(), chain);
  }

  @Override
  public Report verify(Verify request) {
    return new VerifyOperation(graph, around.progress()).run(request);
  }

  @Override
  public Report trustless(Trustless request) {
    long seed = request.seed().orElseGet(VerifyOperation::anySeed);
    TrustlessCheck check = new TrustlessCheck(graph.chain(), graph.settings(), graph.ledger());
    return TrustlessText.of(
        check.run(
            new TrustlessCheck.Request(request.sample(), seed, request.month(), request.block())),
        seed,
        graph.chain().stats().snapshot());
  }

  @Override
  public Report doctor() {
    return new DoctorOperation(graph).run();
  }

  @Override
  public Report repair(boolean dryRun) {
    RepairReport report;
    try (ScanProgress progress = new ScanProgress(around.progress(), "repair")) {
      report =
          new Repair(graph.chain(), graph.settings(), graph.ledger(), graph.patience())
              .run(dryRun, progress);
    }
    return RepairText.of(report, graph.chain().stats().snapshot());
  }

  @Override
  public Report rewind(long to, boolean dryRun) {
    return RewindText.of(
        new Rewind(optionalChain(), graph.settings(), graph.ledger()).run(to, dryRun));
  }

  private Optional<ChainReader> optionalChain() {
    return graph.hasChain() ? Optional.of(graph.chain()) : Optional.empty();
  }

  @Override
  public Report metrics() {
    Optional<ChainReader> chain = optionalChain();
    return StatusFigures.of(
        graph.config().network().name(),
        Status.read(graph.ledger(), graph.settings(), chain),
        graph.publisher().storedStuck(),
        Instant.now());
  }

  @Override
  public Report report(MonthReport request) {
    return new MonthReportOperation(graph.store()).run(request);
  }

  @Override
  public Report pull(Pull request) {
    return new PullOperation(graph.store(), around).run(request);
  }

  @Override
  public Report export(Export request) {
    return new ExportOperation(graph, around).run(request);
  }

  @Override
  public Report serve(int port) {
    try (StoreServer server = StoreServer.start(graph.store(), port)) {
      around
          .notices()
          .printf(
              "Serving %s at %s until you press Ctrl-C%n",
              graph.store().location(), server.address());
      around.notices().flush();
      waitUntilStopped();
    } catch (IOException e) {
      throw new BadRequestException(
          "Port %d of 127.0.0.1 cannot be used (%s): choose another one with --port, or 0 for any"
              .formatted(port, e.getMessage()));
    }
    return new Report(List.of(), JsonOut.object(), false);
  }

  static void waitUntilStopped() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
