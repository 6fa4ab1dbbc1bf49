package org.mor.throughput.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.Month;

/**
 * What happens every quarter of an hour: scan what is new, read old and unsettled rows of the
 * latest two months again, publish, and look at some old blocks once more.
 */
public final class ScheduledRun {
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

  public ScheduledReport run(
      Publishing publishing,
      RunBudget budget,
      ScanListener listener,
      PartialCache cache,
      Instant now) {
    IncrementalReport scan =
        new Incremental(chain, settings, ledger, patience).run(budget, listener);
    boolean refreshing = settings.refreshPerRun() > 0;
    boolean refreshLate = refreshing && !budget.allowsAnotherRange();
    Optional<RefreshReport> refresh =
        refreshing && !refreshLate
            ? Optional.of(refresh(scan.heads().safe(), budget))
            : Optional.empty();
    boolean isNew =
        scan.scan().isPresent()
            || scan.suspects().changesRows()
            || refresh.map(RefreshReport::changed).orElse(0L) > 0;
    boolean publish =
        scan.cursor().isPresent()
            && (publishing == Publishing.ALWAYS || (publishing == Publishing.WHEN_NEW && isNew));
    boolean late = publish && !budget.allowsPublishing();
    Optional<RollupReport> published =
        publish && !late ? Optional.of(rollup.run(chain, patience, cache, now)) : Optional.empty();
    Optional<ProofRecord> proven =
        published
            .map(RollupReport::proof)
            .or(() -> scan.cursor().filter(cursor -> isNew).map(proof::extend));
    // Last, because it may take the longest to fail and nothing waits for it.
    Optional<ReauditReport> reaudit =
        new Reaudit(chain, settings, ledger, patience).run(scan, budget);
    return new ScheduledReport(scan, refresh, published, proven, reaudit, refreshLate, late);
  }

  private RefreshReport refresh(long block, RunBudget budget) {
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
