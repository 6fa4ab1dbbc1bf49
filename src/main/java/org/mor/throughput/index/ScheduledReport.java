package org.mor.throughput.index;

import java.util.Optional;

/**
 * What a scheduled run did.
 *
 * @param refresh empty when there was no time for it
 * @param rollup empty when nothing was published
 * @param publishingLeftOut whether documents were due and there was no time for them
 */
public record ScheduledReport(
    IncrementalReport scan,
    Optional<RefreshReport> refresh,
    Optional<RollupReport> rollup,
    boolean publishingLeftOut) {

  /** Whether anything was left over for want of time. */
  public boolean isPartial() {
    return scan.isPartial() || publishingLeftOut;
  }
}
