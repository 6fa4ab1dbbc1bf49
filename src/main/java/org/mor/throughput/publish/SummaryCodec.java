package org.mor.throughput.publish;

import static org.mor.throughput.publish.DocumentCodec.number;
import static org.mor.throughput.publish.DocumentCodec.time;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.ObjectKey;

/** The document a reader starts with. */
final class SummaryCodec {
  private SummaryCodec() {}

  /** Of the summary and the SHA-256 in hex of every other document as it is stored. */
  static Document encode(
      DocumentHead head, Summary summary, SortedMap<ObjectKey, String> documents) {
    return DocumentCodec.write(
        DocumentKeys.SUMMARY,
        head,
        json -> {
          json.writeNumberField("methodologyVersion", Methodology.VERSION);
          write(json, summary.rules());
          writeProgress(json, head.asOf().block(), summary);
          write(json, "allTime", summary.windows().allTime());
          write(json, "last24h", summary.windows().last24h());
          write(json, "last7d", summary.windows().last7d());
          write(json, "last30d", summary.windows().last30d());
          number(json, "disputedPctLast30d", summary.disputedPctLast30d());
          number(json, "stuckExpired", summary.stuckExpired());
          time(json, "firstCloseAt", summary.closes().first());
          time(json, "lastCloseAt", summary.closes().last());
          write(json, summary.completeness());
          writeStateProof(json, summary.completeness().stateProof());
          if (summary.rewind().isPresent()) {
            json.writeObjectFieldStart("rewind");
            json.writeNumberField("generation", summary.rewind().get().generation());
            json.writeNumberField("toBlock", summary.rewind().get().toBlock());
            json.writeEndObject();
          }
          write(json, documents);
        });
  }

  /** The settings that a reader needs to say which closes were estimated, and how. */
  private static void write(JsonGenerator json, MetricRules rules) throws IOException {
    json.writeObjectFieldStart("methodology");
    json.writeNumberField("tpsClamp", rules.tpsClamp());
    time(json, "legacyEstimateFrom", OptionalLong.of(rules.legacyFrom()));
    time(json, "legacyEstimateUntil", OptionalLong.of(rules.legacyUntil()));
    json.writeEndObject();
  }

  private static void writeProgress(JsonGenerator json, long cursorBlock, Summary summary)
      throws IOException {
    json.writeNumberField("cursorBlock", cursorBlock);
    number(json, "headBlock", summary.headBlock());
    number(json, "lagBlocks", summary.lagBlocks(cursorBlock));
  }

  private static void write(JsonGenerator json, String window, Metrics metrics) throws IOException {
    json.writeObjectFieldStart(window);
    MetricsCodec.write(json, metrics);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Completeness completeness) throws IOException {
    json.writeObjectFieldStart("completeness");
    json.writeObjectFieldStart("coverage");
    json.writeNumberField("startBlock", completeness.startBlock());
    json.writeNumberField("intervals", completeness.intervals());
    json.writeNumberField("gaps", completeness.gaps());
    json.writeBooleanField("scannedFromStart", completeness.scannedFromStart());
    json.writeEndObject();
    json.writeObjectFieldStart("proof");
    json.writeStringField(
        "state", completeness.proof().map(p -> p.state().text()).orElse(Completeness.NOT_RUN));
    if (completeness.proof().isPresent()) {
      write(json, completeness.proof().get());
    }
    json.writeNumberField("facetChanges", completeness.facetChanges().size());
    number(json, "lastFacetChangeBlock", last(completeness.facetChanges()));
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Null while no sample was proven. */
  private static void writeStateProof(JsonGenerator json, Optional<StateProofMark> mark)
      throws IOException {
    if (mark.isEmpty()) {
      json.writeNullField("stateProof");
      return;
    }
    json.writeObjectFieldStart("stateProof");
    json.writeNumberField("block", mark.get().block());
    json.writeStringField("hash", mark.get().hash().toHex());
    json.writeNumberField("sampled", mark.get().sampled());
    json.writeNumberField("proven", mark.get().proven());
    time(json, "since", OptionalLong.of(mark.get().since()));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Proof proof) throws IOException {
    if (proof.state().firstGap().isPresent()) {
      json.writeNumberField("nonce", proof.state().firstGap().getAsLong());
    }
    json.writeNumberField("asOfBlock", proof.asOfBlock());
    json.writeNumberField("proven", proof.proven());
    number(json, "count", proof.count().isPresent() ? (Long) proof.count().getAsLong() : null);
    json.writeNumberField("strays", proof.strays());
  }

  private static @Nullable Long last(List<Long> blocks) {
    return blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
  }

  private static void write(JsonGenerator json, SortedMap<ObjectKey, String> documents)
      throws IOException {
    json.writeObjectFieldStart("documents");
    for (Map.Entry<ObjectKey, String> document : documents.entrySet()) {
      json.writeStringField(document.getKey().value(), document.getValue());
    }
    json.writeEndObject();
  }
}
