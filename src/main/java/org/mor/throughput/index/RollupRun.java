package org.mor.throughput.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.OpenSessionStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.publish.Document;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.publish.Publisher.PublishReport;
import org.mor.throughput.publish.StuckSessionsCodec.PublishedStuck;
import org.mor.throughput.publish.Summary;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.MonthFiles;
import org.mor.throughput.rollup.MonthPartial;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollup.Breakdown;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.CorruptObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes every document from the stored rows as of the cursor's block, and publishes them. */
public final class RollupRun {
  private static final Logger LOG = LoggerFactory.getLogger(RollupRun.class);

  private final IndexSettings settings;
  private final Ledger ledger;
  private final MetricRules rules;
  private final Publisher publisher;
  private final int parallelism;
  private final RowSource rows;

  /**
   * @param parallelism how many months are read side by side
   */
  public RollupRun(
      IndexSettings settings,
      Ledger ledger,
      MetricRules rules,
      Publisher publisher,
      int parallelism) {
    this(settings, ledger, rules, publisher, parallelism, new ArchiveRows(ledger.rows()));
  }

  private RollupRun(
      IndexSettings settings,
      Ledger ledger,
      MetricRules rules,
      Publisher publisher,
      int parallelism,
      RowSource rows) {
    this.settings = settings;
    this.ledger = ledger;
    this.rules = rules;
    this.publisher = publisher;
    this.parallelism = parallelism;
    this.rows = rows;
  }

  /** The same where {@code source} reads the stored rows, {@code months} of them side by side. */
  public RollupRun reading(RowSource source, int months) {
    return new RollupRun(settings, ledger, rules, publisher, months, source);
  }

  /**
   * What was computed and what became of it.
   *
   * @param stuck empty when the chain was not asked
   * @param proof what is proven; as it was kept when the chain was not asked
   */
  public record Report(
      Rollup rollup, Optional<StuckSessions> stuck, ProofRecord proof, PublishReport published) {}

  /** Publishes without asking the chain: stuck sessions stay as they were published last. */
  public Report run(PartialCache cache, Instant generatedAt) {
    Cursor cursor = cursor();
    long time =
        cursor
            .lastBlockTime()
            .orElseThrow(
                () ->
                    new NotIndexedException(
                        "The cursor at block %d does not say that block's time, so nothing can be computed without the chain: set BASE_RPC_URL and use --stuck, or run incremental first."
                            .formatted(cursor.lastBlock())));
    return publish(cursor, asOf(cursor, time), cache, Optional.empty(), generatedAt);
  }

  /** Publishes everything, with the sessions that the chain says are stuck: it is asked of all. */
  public Report run(ContractReader contract, PartialCache cache, Instant generatedAt) {
    return run(contract, new StuckCheck(contract), cache, generatedAt);
  }

  /** The same, but the chain is asked of some open sessions only, and within a day of all. */
  Report runByTurns(ContractReader contract, PartialCache cache, Instant generatedAt) {
    Optional<OpenSessionStore> memory = Optional.of(ledger.openSessions());
    return run(contract, new StuckCheck(contract, memory), cache, generatedAt);
  }

  private Report run(
      ContractReader contract, StuckCheck stuckCheck, PartialCache cache, Instant generatedAt) {
    Cursor cursor = cursor();
    CursorGuard.check(contract.chain(), cursor);
    Heads heads = contract.heads();
    long time =
        cursor.lastBlockTime().isPresent()
            ? cursor.lastBlockTime().getAsLong()
            : contract.header(cursor.lastBlock()).timestamp();
    Live live =
        new Live(
            stuckCheck,
            new ProofRun(contract, ledger),
            heads.latest(),
            Math.max(cursor.lastBlock(), heads.safe()));
    return publish(cursor, asOf(cursor, time), cache, Optional.of(live), generatedAt);
  }

  private static AsOf asOf(Cursor cursor, long time) {
    return new AsOf(cursor.lastBlock(), time, cursor.generation());
  }

  /** What only the chain knows. */
  private record Live(
      StuckCheck stuckCheck, ProofRun proofRun, BlockHeader head, long stateBlock) {}

  /**
   * Figures and the documents made of them, not stored anywhere.
   *
   * @param documents all but the summary and the stuck sessions
   */
  public record Computed(DocumentHead head, Rollup rollup, List<Document> documents) {
    public Computed {
      documents = List.copyOf(documents);
    }
  }

  /** What the stored rows say as of a block; nothing is published and the chain is not asked. */
  public Computed compute(AsOf asOf, PartialCache cache, Instant generatedAt) {
    return compute(
        asOf,
        cache,
        publisher.namedMonths(settings.network(), settings.diamond().address()),
        generatedAt);
  }

  private Computed compute(AsOf asOf, PartialCache cache, MonthFiles months, Instant generatedAt) {
    Rollup rollup = Rollups.compute(rows, rules, asOf, cached(cache), months, parallelism);
    if (rollup.byModel().size() > Breakdown.DENSE || rollup.byProvider().size() > Breakdown.DENSE) {
      LOG.warn(
          "{} models and {} providers had sessions in the last 30 days: behind the first {} of each the documents list only days with data",
          rollup.byModel().size(),
          rollup.byProvider().size(),
          Breakdown.DENSE);
    }
    DocumentHead head =
        new DocumentHead(settings.network(), settings.diamond().address(), asOf, generatedAt);
    return new Computed(head, rollup, Documents.of(head, rollup, labels()));
  }

  private record ArchiveRows(RowArchive archive) implements RowSource {
    @Override
    public SortedSet<Month> months() {
      return archive.months();
    }

    @Override
    public void opens(Month month, Consumer<OpenFacts> to) {
      archive.forEachOpenFacts(month, to);
    }

    @Override
    public void closes(Month month, Consumer<CloseFacts> to) {
      archive.forEachCloseFacts(month, to);
    }
  }

  /** A month some rows of which do not count is never cached: that changes without its rows. */
  private PartialCache cached(PartialCache cache) {
    Set<Month> without = ledger.suspects().monthsWithSuperseded();
    return without.isEmpty()
        ? cache
        : new PartialCache() {
          @Override
          public Optional<MonthPartial> find(Month month, String fingerprint) {
            return without.contains(month) ? Optional.empty() : cache.find(month, fingerprint);
          }

          @Override
          public void put(MonthPartial partial, String fingerprint) {
            if (!without.contains(partial.month())) {
              cache.put(partial, fingerprint);
            }
          }
        };
  }

  private Report publish(
      Cursor cursor, AsOf asOf, PartialCache cache, Optional<Live> live, Instant generatedAt) {
    MonthFiles months = publisher.months(settings.network(), settings.diamond().address());
    Computed computed = compute(asOf, cache, months, generatedAt);
    Rollup rollup = computed.rollup();
    DocumentHead head = computed.head();
    List<Document> documents = new ArrayList<>(computed.documents());
    Optional<StuckSessions> stuck =
        live.map(now -> now.stuckCheck().run(rollup.unclosedOpens(), asOf, now.stateBlock()));
    stuck
        .map(found -> Documents.stuckSessions(head, found))
        .or(() -> publisher.stored(DocumentKeys.STUCK_SESSIONS))
        .ifPresent(documents::add);
    ProofRecord proof =
        live.map(now -> now.proofRun().extend(cursor))
            .orElseGet(() -> ledger.proof().find().in(cursor.generation()));
    Summary summary =
        new Summary(
            rules,
            rollup.windows(),
            rollup.closes(),
            stuck
                .map(StuckSessions::stuckExpired)
                .or(() -> publisher.storedStuck().map(PublishedStuck::stuckExpired))
                .orElse(null),
            live.map(now -> now.head().number()).orElse(null),
            completeness(cursor, proof),
            cursor.lastRewind());
    PublishReport published =
        publisher.publish(documents, stored -> Documents.summary(head, summary, stored));
    ledger.run().tally().published(published.written().size());
    return new Report(rollup, stuck, proof, published);
  }

  /** The rules that the figures follow. */
  public MetricRules rules() {
    return rules;
  }

  /** How much of the chain the stored rows rest on, up to the cursor. */
  public Completeness completeness(Cursor cursor) {
    return completeness(cursor, ledger.proof().find().in(cursor.generation()));
  }

  private Completeness completeness(Cursor cursor, ProofRecord proof) {
    Coverage coverage = ledger.scanned(Optional.of(cursor));
    long start = settings.startBlock().orElse(0);
    int gaps =
        start > cursor.lastBlock()
            ? 0
            : coverage.gaps(new BlockRange(start, cursor.lastBlock())).size();
    boolean fromStart = coverage.covers(new BlockRange(start, start));
    return new Completeness(
        start,
        coverage.ranges().size(),
        gaps,
        fromStart,
        proof.proof(),
        ledger.stateProof().find().filter(mark -> mark.generation() == cursor.generation()),
        List.copyOf(proof.facetChanges()));
  }

  /** What models are called; where that cannot be read, rows still name most of them. */
  private Map<Hash32, ModelLabel> labels() {
    Map<Hash32, ModelLabel> labels = new HashMap<>();
    try {
      ledger.models().find().models().forEach((id, model) -> labels.put(id, model.label()));
    } catch (CorruptObjectException e) {
      LOG.warn("Models are published with the names of their rows only: {}", e.getMessage());
    }
    return labels;
  }

  private Cursor cursor() {
    return ledger
        .begin()
        .orElseThrow(
            () -> NotIndexedException.noCursor("compute: run backfill or incremental first."));
  }
}
