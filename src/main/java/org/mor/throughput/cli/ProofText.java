package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.publish.Summary.Completeness;

/** What the completeness proof says, in a line and as JSON. */
final class ProofText {
  private ProofText() {}

  /** Adds a line and an object {@code proof}. */
  static void add(ProofRecord record, List<String> lines, ObjectNode json) {
    lines.add(sentence(record));
    add(record, json.putObject("proof"));
  }

  static String sentence(ProofRecord record) {
    return "completeness of opens: " + line(record);
  }

  static String line(ProofRecord record) {
    return record.proof().map(ProofText::line).orElse(Completeness.NOT_RUN);
  }

  static String line(Proof proof) {
    String strays =
        proof.strays() == 0
            ? ""
            : "; %,d stored opens are of no session of this chain".formatted(proof.strays());
    return switch (proof.state().kind()) {
          case PROVEN -> "proven, %,d of %,d".formatted(proof.proven(), count(proof));
          case GAP ->
              "%s: the contract counts %,d opens; next: indexer repair"
                  .formatted(proof.state().text(), count(proof));
          case PARTIAL ->
              proof.walkedTo() < proof.asOfBlock()
                  ? "partial: %,d proven%s, the rest is not scanned; next: indexer backfill --gaps"
                      .formatted(
                          proof.proven(),
                          proof.walkedTo() < 0 ? "" : " up to block " + proof.walkedTo())
                  : "partial: %,d proven, the contract's count could not be read"
                      .formatted(proof.proven());
          case NOT_APPLICABLE -> "not applicable: the contract makes session ids by another rule";
        }
        + strays
        + " (at block %d)".formatted(proof.asOfBlock());
  }

  /** The last time the contract's code was seen to change. */
  static Optional<String> facetLine(ProofRecord record) {
    return record.facetChanges().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "changed %d times, last in block %d (DiamondCut)"
                .formatted(record.facetChanges().size(), record.facetChanges().last()));
  }

  static void add(ProofRecord record, ObjectNode json) {
    record
        .proof()
        .ifPresentOrElse(proof -> add(proof, json), () -> json.put("state", Completeness.NOT_RUN));
    var changes = json.putArray("facetChanges");
    record.facetChanges().forEach(changes::add);
  }

  static void add(Proof proof, ObjectNode json) {
    json.put("state", proof.state().text());
    proof.state().firstGap().ifPresent(nonce -> json.put("nonce", nonce));
    json.put("asOfBlock", proof.asOfBlock())
        .put("walkedTo", proof.walkedTo())
        .put("proven", proof.proven());
    proof.count().ifPresentOrElse(count -> json.put("count", count), () -> json.putNull("count"));
    json.put("strays", proof.strays());
  }

  private static long count(Proof proof) {
    return proof.count().orElse(0);
  }
}
