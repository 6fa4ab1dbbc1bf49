package org.mor.throughput.verify;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.PartitionAudit.Audited;

/**
 * What a verification found.
 *
 * @param months every partition that could be read, with its digest, opens before closes
 * @param trouble what kept a check from being made, if anything did: a damaged object before an
 *     endpoint that did not answer
 */
public record VerificationReport(
    List<Check> checks, List<Audited> months, Optional<RuntimeException> trouble) {
  public VerificationReport {
    checks = List.copyOf(checks);
    months = List.copyOf(months);
  }

  /** How many rows are in doubt; that is no difference. */
  public long suspectRows() {
    return checks.stream()
        .filter(check -> check.outcome() == Outcome.SUSPECT)
        .mapToLong(Check::count)
        .sum();
  }

  /** Whether any check found a difference. */
  public boolean differs() {
    return checks.stream().anyMatch(check -> check.outcome() == Outcome.DIFFERS);
  }
}
