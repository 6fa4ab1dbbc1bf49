package org.mor.throughput.publish;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.ObjectKey;

/** {@code summary.json}: the document a reader starts with. */
final class SummaryCodec {
  private SummaryCodec() {}

  /** Of the summary and the SHA-256 in hex of every other document as it is stored. */
  static Document encode(
      DocumentHead head, Summary summary, SortedMap<ObjectKey, String> documents) {
    return DocumentCodec.write(
        DocumentKeys.SUMMARY,
        head,
        json -> {
          json.number("methodologyVersion", Methodology.VERSION);
          json.object("methodology", () -> rules(json, summary.rules()));
          json.number("cursorBlock", head.asOf().block());
          json.number("headBlock", summary.headBlock());
          json.number("lagBlocks", summary.lagBlocks(head.asOf().block()));
          window(json, "allTime", summary.windows().allTime());
          window(json, "last24h", summary.windows().last24h());
          window(json, "last7d", summary.windows().last7d());
          window(json, "last30d", summary.windows().last30d());
          json.number("disputedPctLast30d", summary.disputedPctLast30d());
          json.number("stuckExpired", summary.stuckExpired());
          json.time("firstCloseAt", summary.closes().first());
          json.time("lastCloseAt", summary.closes().last());
          json.object("completeness", () -> completeness(json, summary.completeness()));
          stateProof(json, summary.completeness().stateProof());
          summary.rewind().ifPresent(rewind -> json.object("rewind", () -> rewind(json, rewind)));
          json.object(
              "documents",
              () -> documents.forEach((key, sha256) -> json.text(key.value(), sha256)));
        });
  }

  /** The settings that a reader needs to say which closes were estimated, and how. */
  private static void rules(DocumentCodec json, MetricRules rules) {
    json.number("tpsClamp", rules.tpsClamp());
    json.time("legacyEstimateFrom", rules.legacyFrom());
    json.time("legacyEstimateUntil", rules.legacyUntil());
  }

  private static void window(DocumentCodec json, String window, Metrics metrics) {
    json.object(window, () -> SeriesCodec.figures(json, metrics));
  }

  private static void rewind(DocumentCodec json, Cursor.Rewind rewind) {
    json.number("generation", rewind.generation());
    json.number("toBlock", rewind.toBlock());
  }

  private static void completeness(DocumentCodec json, Completeness completeness) {
    json.object(
        "coverage",
        () -> {
          json.number("startBlock", completeness.startBlock());
          json.number("intervals", completeness.intervals());
          json.number("gaps", completeness.gaps());
          json.flag("scannedFromStart", completeness.scannedFromStart());
        });
    json.object(
        "proof",
        () -> {
          Optional<Proof> proof = completeness.proof();
          json.text("state", proof.map(p -> p.state().text()).orElse(Completeness.NOT_RUN));
          proof.ifPresent(one -> proof(json, one));
          List<Long> changes = completeness.facetChanges();
          json.number("facetChanges", changes.size());
          json.number(
              "lastFacetChangeBlock", changes.isEmpty() ? null : changes.get(changes.size() - 1));
        });
  }

  /** Null while no sample was proven. */
  private static void stateProof(DocumentCodec json, Optional<StateProofMark> mark) {
    if (mark.isEmpty()) {
      json.text("stateProof", null);
      return;
    }
    StateProofMark proven = mark.get();
    json.object(
        "stateProof",
        () -> {
          json.number("block", proven.block());
          json.text("hash", proven.hash().toHex());
          json.number("sampled", proven.sampled());
          json.number("proven", proven.proven());
          json.time("since", proven.since());
        });
  }

  private static void proof(DocumentCodec json, Proof proof) {
    proof.state().firstGap().ifPresent(nonce -> json.number("nonce", nonce));
    json.number("asOfBlock", proof.asOfBlock());
    json.number("proven", proof.proven());
    json.number("count", proof.count().isPresent() ? (Long) proof.count().getAsLong() : null);
    json.number("strays", proof.strays());
  }
}
