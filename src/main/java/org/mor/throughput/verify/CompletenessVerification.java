package org.mor.throughput.verify;

import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.index.CompletenessCheck;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.proof.Proof;

/** Walks over every stored open anew and compares the rows' sums with the contract's own. */
final class CompletenessVerification {
  static final String NAME = "no session is missing";

  private final Ledger ledger;

  CompletenessVerification(Ledger ledger) {
    this.ledger = ledger;
  }

  Check run(ContractReader contract) {
    CompletenessCheck.Result found = new CompletenessCheck(contract, ledger).run();
    Tally tally = new Tally(NAME);
    compareKept(found.proof(), tally);
    judge(found.proof(), tally);
    found.figures().forEach(figure -> compare(figure, found.proof(), tally));
    if (found.proof().strays() > 0) {
      tally.note(
          "%,d stored opens are none of this chain's: a fork that was left, or nonsense in old rows"
              .formatted(found.proof().strays()));
    }
    return tally.finish(
        "%,d opens walked and %d sums compared with the contract, as of block %d"
            .formatted(found.proof().proven(), found.figures().size(), found.proof().asOfBlock()));
  }

  /**
   * A kept proof of the same block says the same, unless one of them lacks the contract's count.
   */
  private void compareKept(Proof proof, Tally tally) {
    ledger
        .proof()
        .find()
        .proof()
        .filter(kept -> kept.asOfBlock() == proof.asOfBlock() && !kept.equals(proof))
        .filter(kept -> proof.count().isPresent() && !lacksCount(kept))
        .ifPresent(
            kept ->
                tally.differs(ProofStore.KEY.value(), "the kept proof", shown(kept), shown(proof)));
  }

  private static boolean lacksCount(Proof kept) {
    return kept.walkedTo() == kept.asOfBlock() && kept.count().isEmpty();
  }

  private static void judge(Proof proof, Tally tally) {
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
  }

  /** Sums of rows are smaller than the contract's while not all blocks are scanned. */
  private static void compare(Compared figure, Proof proof, Tally tally) {
    boolean scanned = proof.walkedTo() == proof.asOfBlock();
    if (figure.contract().isEmpty()) {
      tally.note("%s: the contract has no such figure".formatted(figure.what()));
    } else if (figure.differs() && scanned) {
      tally.differs(
          "raw/",
          figure.what() + " up to block " + proof.asOfBlock(),
          figure.rows().toString(),
          figure.contract().get().toString());
    }
  }

  private static String shown(Proof proof) {
    return "%s with %,d opens".formatted(proof.state().text(), proof.proven());
  }
}
