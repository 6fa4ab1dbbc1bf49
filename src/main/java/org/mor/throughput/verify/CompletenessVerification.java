package org.mor.throughput.verify;

import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.ProofRun;
import org.mor.throughput.proof.Proof;

/** Walks over every stored open anew and compares with the contract's own count. */
final class CompletenessVerification {
  static final String NAME = "no open is missing";

  private final IndexSettings settings;
  private final Ledger ledger;
  private final Patience patience;

  CompletenessVerification(IndexSettings settings, Ledger ledger, Patience patience) {
    this.settings = settings;
    this.ledger = ledger;
    this.patience = patience;
  }

  Check run(ChainReader chain, Cursor cursor) {
    Proof proof = new ProofRun(chain, settings, ledger, patience).complete(cursor);
    Tally tally = new Tally(NAME);
    ledger
        .proof()
        .find()
        .proof()
        .filter(kept -> kept.asOfBlock() == proof.asOfBlock() && !kept.equals(proof))
        .filter(kept -> proof.count().isPresent())
        .ifPresent(
            kept ->
                tally.differs(ProofStore.KEY.value(), "the kept proof", shown(kept), shown(proof)));
    switch (proof.state().kind()) {
      case PROVEN -> {}
      case GAP ->
          tally.differs(
              "raw/opens/",
              "nonce %d, of the %,d that the contract gave out up to block %d"
                  .formatted(proof.state().nonce(), proof.count().orElse(-1), proof.asOfBlock()),
              "without an open",
              "an open; next: repair");
      case PARTIAL ->
          tally.notChecked(
              proof.walkedTo() < proof.asOfBlock()
                  ? "history is not scanned from the start block to the cursor"
                  : "the contract's count at block %d could not be read"
                      .formatted(proof.asOfBlock()));
      case NOT_APPLICABLE ->
          tally.notChecked("the contract does not make session ids by the known rule");
    }
    if (proof.strays() > 0) {
      tally.note(
          "%,d stored opens are none of this chain's: a fork that was left, or nonsense in old rows"
              .formatted(proof.strays()));
    }
    return tally.finish(
        "%,d opens walked, as of block %d".formatted(proof.proven(), proof.asOfBlock()));
  }

  private static String shown(Proof proof) {
    return "%s with %,d opens".formatted(proof.state().text(), proof.proven());
  }
}
