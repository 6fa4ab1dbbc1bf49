package org.mor.throughput.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.Month;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens every quarter of an hour: scan what is new, read old and unsettled rows of the
 * latest two months again, publish, and look at some old blocks once more.
 */
public final class ScheduledRun {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledRun.class);

  private static final int REFRESHED_MONTHS = 2;

  /** An unsettled row is read again after about an hour of Base blocks. */
  private static final long REFRESH_AFTER_BLOCKS = 1_800;

  private final ContractReader contract;
  private final Ledger ledger;
  private final RollupRun rollup;

  public ScheduledRun(ContractReader contract, Ledger ledger, RollupRun rollup) {
    this.contract = contract;
    this.ledger = ledger;
    this.rollup = rollup;
  }

  /** Whether documents are computed: when anything is new, always, or never. */
  public enum Publishing {
    WHEN_NEW,
    ALWAYS,
    NEVER
  }

  /**
   * What a scheduled run did.
   *
   * @param refresh empty when there was no time for it, and when none is wanted
   * @param rollup empty when nothing was published
   * @param proof empty while there is no cursor and when there was nothing new
   * @param reaudit old blocks that were scanned once more, after publishing: what was found there
   *     is in the documents of the next run; empty when there was no budget left
   * @param refreshLeftOut whether rows were to be read again and there was no time for it
   * @param publishingLeftOut whether documents were due and there was no time for them
   * @param refreshFailure why rows could not be read again; empty when they could or need not be
   * @param suspectRows rows on the list of suspects afterwards
   */
  public record Report(
      Incremental.Report scan,
      Optional<CloseRefresh.Report> refresh,
      Optional<RollupRun.Report> rollup,
      Optional<ProofRecord> proof,
      Optional<Reaudit.Report> reaudit,
      boolean refreshLeftOut,
      boolean publishingLeftOut,
      Optional<String> refreshFailure,
      long suspectRows) {

    /** What failed without stopping the run, for people. */
    public List<String> problems() {
      return Stream.of(refreshFailure, reaudit.flatMap(Reaudit.Report::failure))
          .flatMap(Optional::stream)
          .toList();
    }

    /** Rows that were retracted in this run, by whichever of its steps. */
    public long rowsRetracted() {
      return scan.suspects().retracted()
          + refresh.map(done -> done.suspects().retracted()).orElse(0L)
          + reaudit.map(done -> done.suspects().retracted()).orElse(0L);
    }

    /** Whether anything but the look at old blocks was left over for want of time. */
    public boolean isPartial() {
      boolean refreshCutShort = refresh.map(CloseRefresh.Report::isCutShort).orElse(false);
      return scan.isPartial()
          || refreshLeftOut
          || refreshCutShort
          || refreshFailure.isPresent()
          || publishingLeftOut;
    }
  }

  /** The same for a caller that has nothing to do as soon as documents are published. */
  public Report run(
      Publishing publishing,
      RunBudget budget,
      ScanListener listener,
      PartialCache cache,
      Instant now) {
    return run(publishing, budget, listener, cache, now, rollup -> {});
  }

  /**
   * Scans, refreshes, publishes and reads some old blocks once more. A refresh that fails stops
   * nothing, nor does the last step: the report says so. Where the scan meets a month that is full,
   * what was scanned before is published, and the exception thrown.
   *
   * @param published hears of the documents before old blocks are read, which may take the rest of
   *     the time
   */
  public Report run(
      Publishing publishing,
      RunBudget budget,
      ScanListener listener,
      PartialCache cache,
      Instant now,
      Consumer<RollupRun.Report> published) {
    Incremental.Report scan;
    try {
      scan = new Incremental(contract, ledger).run(budget, listener);
    } catch (PartitionFullException e) {
      if (publishing != Publishing.NEVER && budget.allowsPublishing()) {
        published.accept(rollup.runByTurns(contract, cache, now));
      }
      throw e;
    }
    Refreshed refresh = refresh(scan.heads().safe(), budget);
    boolean isNew =
        scan.scan().isPresent() || scan.suspects().changesRows() || refresh.mayHaveChanged();
    boolean publish =
        scan.cursor().isPresent()
            && (publishing == Publishing.ALWAYS || (publishing == Publishing.WHEN_NEW && isNew));
    boolean late = publish && !budget.allowsPublishing();
    Optional<RollupRun.Report> documents =
        publish && !late ? Optional.of(rollup.runByTurns(contract, cache, now)) : Optional.empty();
    documents.ifPresent(published);
    // What takes longer than publishing is not begun when there was no time for that.
    boolean mayGoOn = !late && budget.allowsPublishing();
    Optional<ProofRecord> proven =
        documents
            .map(RollupRun.Report::proof)
            .or(
                () ->
                    scan.cursor()
                        .filter(cursor -> isNew && mayGoOn)
                        .map(new ProofRun(contract, ledger)::extend));
    if (mayGoOn) {
      boolean unused = new StateProofRun(contract, ledger).sample(scan.cursor());
    }
    Optional<Reaudit.Report> reaudit =
        mayGoOn
            ? new Reaudit(contract, ledger)
                .run(scan.cursor(), scan.heads().safe(), scan.blocks(), budget)
            : Optional.empty();
    return new Report(
        scan,
        refresh.report(),
        documents,
        proven,
        reaudit,
        refresh.leftOut(),
        late,
        refresh.failure(),
        ledger.suspects().rows().size());
  }

  /**
   * What became of the refresh.
   *
   * @param failure why it failed; rows that were merged before stay
   */
  private record Refreshed(
      Optional<CloseRefresh.Report> report, boolean leftOut, Optional<String> failure) {
    boolean mayHaveChanged() {
      return failure.isPresent() || report.map(CloseRefresh.Report::changed).orElse(0L) > 0;
    }
  }

  private Refreshed refresh(long safeHead, RunBudget budget) {
    if (contract.settings().refreshPerRun() == 0 || !budget.allowsAnotherRange()) {
      return new Refreshed(
          Optional.empty(), contract.settings().refreshPerRun() > 0, Optional.empty());
    }
    try {
      return new Refreshed(Optional.of(refreshRows(safeHead, budget)), false, Optional.empty());
    } catch (RuntimeException e) {
      String why =
          "Old and unsettled rows could not be read again; the next run tries again: "
              + e.getMessage();
      LOG.warn("{}", why);
      LOG.debug("The refresh failed", e);
      return new Refreshed(Optional.empty(), false, Optional.of(why));
    }
  }

  private CloseRefresh.Report refreshRows(long block, RunBudget budget) {
    List<Month> months = ledger.rows().partitions(RowKind.CLOSES).keySet().stream().toList();
    List<Month> latest =
        new ArrayList<>(
            months.subList(Math.max(0, months.size() - REFRESHED_MONTHS), months.size()));
    // What one month leaves over of the limit goes to the other; which is first is for the block
    // to say, so that a month of rows that stay due never keeps the other waiting for ever.
    Collections.rotate(latest, (int) Turn.of("months " + block, REFRESHED_MONTHS));
    return new CloseRefresh(contract, ledger)
        .run(
            new CloseRefresh.Request(
                latest, contract.settings().refreshPerRun(), REFRESH_AFTER_BLOCKS, false),
            budget,
            CloseRefresh.Listener.none());
  }
}
