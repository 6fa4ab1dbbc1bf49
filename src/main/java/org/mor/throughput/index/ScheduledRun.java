package org.mor.throughput.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainReader;
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

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final RollupRun rollup;
  private final Patience patience;
  private final ProofRun proof;

  public ScheduledRun(
      ChainReader chain,
      IndexSettings settings,
      Ledger ledger,
      RollupRun rollup,
      Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.rollup = rollup;
    this.patience = patience;
    this.proof = new ProofRun(chain, settings, ledger, patience);
  }

  /** Whether documents are computed: when anything is new, always, or never. */
  public enum Publishing {
    WHEN_NEW,
    ALWAYS,
    NEVER
  }

  /** The same for a caller that has nothing to do as soon as documents are published. */
  public ScheduledReport run(
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
  public ScheduledReport run(
      Publishing publishing,
      RunBudget budget,
      ScanListener listener,
      PartialCache cache,
      Instant now,
      Consumer<RollupReport> published) {
    IncrementalReport scan;
    try {
      scan = new Incremental(chain, settings, ledger, patience).run(budget, listener);
    } catch (PartitionFullException e) {
      if (publishing != Publishing.NEVER && budget.allowsPublishing()) {
        published.accept(rollup.run(chain, patience, cache, now));
      }
      throw e;
    }
    Refreshed refresh = refresh(scan.heads().safe(), budget);
    boolean isProven =
        budget.allowsAnotherRange()
            && new StateProofRun(chain, settings, ledger).sample(scan.cursor());
    boolean isNew =
        scan.scan().isPresent()
            || scan.suspects().changesRows()
            || refresh.mayHaveChanged()
            || isProven;
    boolean publish =
        scan.cursor().isPresent()
            && (publishing == Publishing.ALWAYS || (publishing == Publishing.WHEN_NEW && isNew));
    boolean late = publish && !budget.allowsPublishing();
    Optional<RollupReport> documents =
        publish && !late ? Optional.of(rollup.run(chain, patience, cache, now)) : Optional.empty();
    documents.ifPresent(published);
    // What takes longer than publishing is not begun when there was no time for that.
    boolean mayGoOn = !late && budget.allowsPublishing();
    Optional<ProofRecord> proven =
        documents
            .map(RollupReport::proof)
            .or(() -> scan.cursor().filter(cursor -> isNew && mayGoOn).map(proof::extend));
    Optional<ReauditReport> reaudit =
        mayGoOn
            ? new Reaudit(chain, settings, ledger, patience).run(scan, budget)
            : Optional.empty();
    return new ScheduledReport(
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
      Optional<RefreshReport> report, boolean leftOut, Optional<String> failure) {
    boolean mayHaveChanged() {
      return failure.isPresent() || report.map(RefreshReport::changed).orElse(0L) > 0;
    }
  }

  private Refreshed refresh(long safeHead, RunBudget budget) {
    if (settings.refreshPerRun() == 0 || !budget.allowsAnotherRange()) {
      return new Refreshed(Optional.empty(), settings.refreshPerRun() > 0, Optional.empty());
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

  private RefreshReport refreshRows(long block, RunBudget budget) {
    List<Month> months = ledger.rows().partitions(RowKind.CLOSES).keySet().stream().toList();
    List<Month> latest =
        new ArrayList<>(
            months.subList(Math.max(0, months.size() - REFRESHED_MONTHS), months.size()));
    // What one month leaves over of the limit goes to the other; which is first is for the block
    // to say, so that a month of rows that stay due never keeps the other waiting for ever.
    Collections.rotate(latest, (int) Turn.of("months " + block, REFRESHED_MONTHS));
    return new CloseRefresh(chain, settings, ledger, patience)
        .run(
            new RefreshRequest(latest, settings.refreshPerRun(), REFRESH_AFTER_BLOCKS, false),
            budget,
            RefreshListener.none());
  }
}
