package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.verify.SampleVerification.Reservoir;

/** Checks everything that is stored. Writes nothing. */
public final class Verification {
  static final String SUSPECTS = "no row is suspect";

  private static final String NO_CURSOR = "there is no cursor: run backfill or incremental";

  private final ObjectStore store;
  private final Ledger ledger;
  private final UserPrivacy privacy;
  private final IndexSettings settings;
  private final RollupRun rollup;

  /**
   * @param privacy how users are written in rows
   * @param rollup computes with nothing cached
   */
  public Verification(
      ObjectStore store,
      Ledger ledger,
      UserPrivacy privacy,
      IndexSettings settings,
      RollupRun rollup) {
    this.store = store;
    this.ledger = ledger;
    this.privacy = privacy;
    this.settings = settings;
    this.rollup = rollup;
  }

  /**
   * A chain to ask.
   *
   * @param source which endpoint it is, for people, such as {@code through b.example}
   */
  public record Opinion(ContractReader contract, String source) {}

  /**
   * What of the rows is compared with the chain.
   *
   * @param size how many rows; 0 for none
   * @param random decides which; the same rows and the same chance give the same sample
   */
  public record Sample(int size, RandomGenerator random) {}

  /** Hears how far a verification is. */
  @FunctionalInterface
  public interface Listener {
    /** A month's partition was read, one of {@code months} of its kind. */
    void read(RowKind kind, Month month, int months);

    static Listener none() {
      return (kind, month, months) -> {};
    }
  }

  /**
   * What a verification found.
   *
   * @param months every partition that could be read, with its digest, opens before closes
   * @param trouble what kept a check from being made, if anything did: a damaged object before an
   *     endpoint that did not answer
   */
  public record Report(
      List<Check> checks, List<Audited> months, Optional<RuntimeException> trouble) {
    public Report {
      checks = List.copyOf(checks);
      months = List.copyOf(months);
    }

    /** How many rows are in doubt; that is no difference. */
    public long suspectRows() {
      return checks.stream()
          .filter(check -> check.outcome() == Check.Outcome.SUSPECT)
          .mapToLong(Check::count)
          .sum();
    }

    /** Whether any check found a difference. */
    public boolean differs() {
      return checks.stream().anyMatch(check -> check.outcome() == Check.Outcome.DIFFERS);
    }
  }

  /**
   * Makes every check that can be made.
   *
   * @throws org.mor.throughput.store.StoreException when the store fails
   */
  public Report run(Optional<Opinion> opinion, Sample sample, Listener listener) {
    Optional<Cursor> cursor = ledger.position();
    Asked chain = new Asked(opinion.map(Opinion::contract));
    Reservoir<SessionRow> chosen = new Reservoir<>(sample.random(), sample.size());
    RowsVerification rows =
        new RowsVerification(
            ledger.rows(), new PartitionAudit(store), chosen, everythingIsScanned(cursor));
    rows.run(listener);
    List<Check> checks = new ArrayList<>(rows.checks());
    List<RuntimeException> troubles = new ArrayList<>();
    rows.corrupt().ifPresent(troubles::add);
    checks.addAll(unlessDamaged(SUSPECTS, () -> List.of(suspects(ledger.suspects())), troubles));
    checks.addAll(unlessDamaged("documents", () -> documents(cursor, chain), troubles));
    checks.add(sample(opinion, chain, chosen));
    // The last, because it alone needs the state of a block that a node may have forgotten.
    checks.addAll(
        unlessDamaged(
            CompletenessVerification.NAME, () -> List.of(completeness(cursor, chain)), troubles));
    chain.failure().ifPresent(troubles::add);
    return new Report(checks, rows.audited(), troubles.stream().findFirst());
  }

  /** The rows or the state that checks rest on may be damaged, which hides no other check. */
  private static List<Check> unlessDamaged(
      String name, Supplier<List<Check>> checks, List<RuntimeException> troubles) {
    try {
      return checks.get();
    } catch (CorruptObjectException e) {
      troubles.add(e);
      return List.of(Check.notMade(name, "what it rests on is refused: " + e.getMessage()));
    }
  }

  private static Check suspects(SuspectStore.Known known) {
    Tally tally = new Tally(SUSPECTS);
    known.rows().forEach(row -> tally.suspect(row.text()));
    return tally.finish(
        known.rows().isEmpty()
            ? "no run left a row in doubt"
            : "%s%,d rows that the chain may no longer have; they count unless superseded"
                .formatted(known.hasMore() ? "more than " : "", known.rows().size()));
  }

  private Check completeness(Optional<Cursor> cursor, Asked chain) {
    if (cursor.isEmpty()) {
      return Check.notMade(CompletenessVerification.NAME, NO_CURSOR);
    }
    CompletenessVerification walk = new CompletenessVerification(ledger);
    return chain
        .ask(walk::run)
        .orElseGet(() -> Check.notMade(CompletenessVerification.NAME, chain.whyNot()));
  }

  private boolean everythingIsScanned(Optional<Cursor> cursor) {
    if (cursor.isEmpty() || settings.startBlock().isEmpty()) {
      return false;
    }
    long start = settings.startBlock().getAsLong();
    return start <= cursor.get().lastBlock()
        && ledger.scanned(cursor).covers(new BlockRange(start, cursor.get().lastBlock()));
  }

  private List<Check> documents(Optional<Cursor> cursor, Asked chain) {
    if (cursor.isEmpty()) {
      return List.of(Check.notMade("documents", NO_CURSOR));
    }
    LongFunction<OptionalLong> times = block -> time(block, cursor.get(), chain);
    OptionalLong now = times.apply(cursor.get().lastBlock());
    if (now.isEmpty()) {
      return List.of(
          Check.notMade(
              "documents", "the cursor does not say its block's time, and " + chain.whyNot()));
    }
    Recomputations again =
        new Recomputations(
            rollup,
            cursor.get(),
            new AsOf(cursor.get().lastBlock(), now.getAsLong(), cursor.get().generation()),
            times);
    StuckVerification stuck =
        new StuckVerification(new Publisher(store, attempt -> {}).storedStuck(), chain);
    return new DocumentsVerification(store, again, stuck).run();
  }

  private static OptionalLong time(long block, Cursor cursor, Asked chain) {
    if (block == cursor.lastBlock() && cursor.lastBlockTime().isPresent()) {
      return cursor.lastBlockTime();
    }
    return chain.ask(contract -> contract.timeOf(block)).orElse(OptionalLong.empty());
  }

  private Check sample(Optional<Opinion> opinion, Asked chain, Reservoir<SessionRow> chosen) {
    if (chosen.chosen().isEmpty()) {
      return Check.notMade(SampleVerification.NAME, "no rows were chosen");
    }
    return chain
        .ask(
            contract ->
                new SampleVerification(privacy)
                    .run(chosen.chosen(), contract, opinion.orElseThrow().source()))
        .orElseGet(() -> Check.notMade(SampleVerification.NAME, chain.whyNot()));
  }
}
