package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mor.throughput.proof.ProofRecord;

/**
 * What a scheduled run did.
 *
 * @param refresh empty when there was no time for it, and when none is wanted
 * @param rollup empty when nothing was published
 * @param proof empty while there is no cursor and when there was nothing new
 * @param reaudit old blocks that were scanned once more, after publishing: what was found there is
 *     in the documents of the next run; empty when there was no budget left
 * @param refreshLeftOut whether rows were to be read again and there was no time for it
 * @param publishingLeftOut whether documents were due and there was no time for them
 * @param refreshFailure why rows could not be read again; empty when they could or need not be
 * @param suspectRows rows on the list of suspects afterwards
 */
public record ScheduledReport(
    IncrementalReport scan,
    Optional<RefreshReport> refresh,
    Optional<RollupReport> rollup,
    Optional<ProofRecord> proof,
    Optional<ReauditReport> reaudit,
    boolean refreshLeftOut,
    boolean publishingLeftOut,
    Optional<String> refreshFailure,
    long suspectRows) {

  /** What failed without stopping the run, for people. */
  public List<String> problems() {
    return Stream.of(refreshFailure, reaudit.flatMap(ReauditReport::failure))
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
    boolean refreshCutShort = refresh.map(RefreshReport::isCutShort).orElse(false);
    return scan.isPartial()
        || refreshLeftOut
        || refreshCutShort
        || refreshFailure.isPresent()
        || publishingLeftOut;
  }
}
