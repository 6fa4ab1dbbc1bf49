package org.mor.throughput.index;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where runs use proofs against the state root: a small sample in one scheduled run in a hundred,
 * and rows that a repair is about to store. An endpoint without proofs stops nothing.
 */
final class StateProofRun {
  private static final Logger LOG = LoggerFactory.getLogger(StateProofRun.class);
  private static final int ONE_IN = 100;
  private static final int SAMPLE = 20;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;

  StateProofRun(ContractReader contract, Ledger ledger) {
    this.chain = contract.chain();
    this.settings = contract.settings();
    this.ledger = ledger;
  }

  /**
   * Proves a sample if it is this run's turn, which the cursor's {@code seq} decides along with the
   * sample, and keeps the outcome.
   *
   * @return whether a sample was proven; the next run publishes the outcome
   */
  boolean sample(Optional<Cursor> cursor) {
    if (cursor.isEmpty()
        || Turn.of("state proof " + cursor.get().seq(), ONE_IN) != 0
        || chain.witnesses().isEmpty()) {
      return false;
    }
    long seq = cursor.get().seq();
    if (ledger.stateProof().find().filter(mark -> mark.seq() == seq).isPresent()) {
      return false;
    }
    try {
      TrustlessCheck.Report report =
          new TrustlessCheck(chain, settings, ledger)
              .run(
                  new TrustlessCheck.Request(
                      SAMPLE, seq, Optional.empty(), Optional.empty(), false));
      return keep(report, cursor.get());
    } catch (ChainException | CorruptObjectException e) {
      LOG.warn("No sample was proven against the state root: {}", e.getMessage());
      return false;
    }
  }

  private boolean keep(TrustlessCheck.Report report, Cursor cursor) {
    if (report.sampled() == 0) {
      return false;
    }
    if (report.paidDiffers()) {
      LOG.error(
          "The closes say that {} wei were paid; the state of block {} says {}; next: verify --trustless",
          report.rowsPaid(),
          report.block().number(),
          report.totalClaimed());
    }
    for (ProvenRows.Finding one : report.findings()) {
      LOG.error(
          "Session {} of {}: {} is {}, but the state of block {} has {}; next: verify --trustless",
          one.session(),
          one.month(),
          one.field().field(),
          one.field().stored(),
          report.block().number(),
          one.field().expected());
    }
    ledger
        .stateProof()
        .keep(
            new StateProofMark(
                report.block().number(),
                report.block().hash(),
                report.sampled(),
                report.proven(),
                report.block().timestamp(),
                cursor.seq(),
                cursor.generation()));
    return true;
  }

  /**
   * Makes sure that rows just read are in the state, where an endpoint proves it.
   *
   * @param block whose state they were read at
   * @throws ChainContradictionException when the state has another value: the endpoint that gave
   *     the rows lied; and when endpoints disagree about the block
   */
  void requireProven(Collection<? extends SessionRow> rows, long block) {
    if (rows.isEmpty() || chain.witnesses().isEmpty()) {
      return;
    }
    List<ProvenRows.Finding> findings;
    try {
      StateProver prover = new StateProver(chain, settings.diamond());
      Optional<StateProver.Anchor> anchor = prover.anchorAt(block);
      if (anchor.isEmpty()) {
        LOG.info("No endpoint proves the state of block {}: rows are taken as read", block);
        return;
      }
      ProvenRows proven =
          new ProvenRows(
              prover,
              anchor.get().block(),
              Long.MAX_VALUE,
              settings.chainId(),
              ledger.rows().privacy());
      rows.forEach(proven::add);
      proven.flush();
      findings = proven.findings();
    } catch (ChainUnavailableException e) {
      LOG.info("Rows are taken as read, because they cannot be proven: {}", e.getMessage());
      return;
    }
    if (!findings.isEmpty()) {
      ProvenRows.Finding first = findings.get(0);
      throw new ChainContradictionException(
          "Proving %d rows against the state root of block %d: session %s was read with %s %s, but the state has %s. Nothing of them was stored\nnext: doctor compares the endpoints; put another one first in BASE_RPC_URL and run again"
              .formatted(
                  rows.size(),
                  block,
                  first.session(),
                  first.field().field(),
                  first.field().stored(),
                  first.field().expected()));
    }
  }
}
