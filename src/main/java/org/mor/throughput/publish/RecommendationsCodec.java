package org.mor.throughput.publish;

import static org.mor.throughput.publish.DocumentCodec.number;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Measure;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.rollup.Recommendation;
import org.mor.throughput.rollup.Recommendation.Candidate;
import org.mor.throughput.rollup.Recommendation.Lack;
import org.mor.throughput.rollup.Recommender;
import org.mor.throughput.session.ModelLabel;

/** {@code rollup/recommendations.json}; models and providers are places in its lists. */
final class RecommendationsCodec {
  private final JsonGenerator json;
  private final Performance performance;

  private RecommendationsCodec(JsonGenerator json, Performance performance) {
    this.json = json;
    this.performance = performance;
  }

  static Document encode(
      DocumentHead head,
      Performance performance,
      List<Recommendation> recommendations,
      Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.RECOMMENDATIONS,
        head,
        json -> {
          json.writeNumberField("methodologyVersion", Methodology.VERSION);
          PerformanceCodec.writeWindow(json, performance);
          RecommendationsCodec codec = new RecommendationsCodec(json, performance);
          codec.writeRules();
          ModelsCodec.write(json, performance.models(), labels);
          ModelsCodec.write(json, performance.providers());
          json.writeArrayFieldStart("recommendations");
          for (Recommendation recommendation : recommendations) {
            codec.write(recommendation);
          }
          json.writeEndArray();
        });
  }

  private void writeRules() throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeNumberField("minSamples", Recommender.MIN_SAMPLES);
    json.writeNumberField("minUsers", Recommender.MIN_USERS);
    json.writeNumberField("minDays", Recommender.MIN_DAYS);
    json.writeNumberField("maxDisputedPct", Recommender.MAX_DISPUTED_PCT);
    json.writeNumberField("maxIdleDays", Recommender.MAX_IDLE_DAYS);
    json.writeEndObject();
  }

  private void write(Recommendation recommendation) throws IOException {
    Measure measure = recommendation.measure();
    String size = measure.sizes().names().get(recommendation.size());
    json.writeStartObject();
    json.writeNumberField(
        "model", Collections.binarySearch(performance.models(), recommendation.model()));
    json.writeStringField("measure", measure.field());
    json.writeStringField("inputClass", measure == Measure.TTFT_MS ? size : null);
    json.writeStringField("outputClass", measure == Measure.TPS ? size : null);
    json.writeStringField("outcome", word(recommendation.outcome()));
    json.writeStringField(
        "confidence", recommendation.confidence().map(RecommendationsCodec::word).orElse(null));
    place("winner", recommendation.winner());
    place("runnerUp", recommendation.runnerUp());
    number(json, "gap", gap(recommendation));
    json.writeArrayFieldStart("tied");
    for (Candidate tied : recommendation.tied()) {
      json.writeNumber(place(tied));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("candidates");
    for (Candidate candidate : recommendation.candidates()) {
      write(candidate, measure);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(Candidate candidate, Measure measure) throws IOException {
    Estimate estimate = candidate.estimate();
    json.writeStartObject();
    json.writeNumberField("provider", place(candidate));
    json.writeBooleanField("eligible", candidate.isEligible());
    number(
        json,
        "rank",
        candidate.rank().isPresent() ? (Long) (long) candidate.rank().getAsInt() : null);
    number(json, "p50", estimate == null ? null : decimal(estimate.value(), measure));
    number(json, "p50Low", estimate == null ? null : decimal(estimate.low(), measure));
    number(json, "p50High", estimate == null ? null : decimal(estimate.high(), measure));
    json.writeNumberField("samples", candidate.samples());
    json.writeNumberField("users", candidate.users());
    json.writeNumberField("activeDays", candidate.days());
    number(json, "disputedPct", candidate.disputedPct());
    DocumentCodec.time(json, "lastSampleAt", OptionalLong.of(candidate.lastSample()));
    json.writeNumberField("needsSamples", candidate.needsSamples());
    json.writeArrayFieldStart("lacks");
    for (Lack lack : candidate.lacks()) {
      json.writeString(word(lack));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static @Nullable BigDecimal gap(Recommendation recommendation) {
    return recommendation
        .winner()
        .flatMap(best -> Optional.ofNullable(best.estimate()))
        .flatMap(
            best ->
                recommendation
                    .runnerUp()
                    .flatMap(next -> Optional.ofNullable(next.estimate()))
                    .map(next -> Math.abs(best.value() - next.value())))
        .map(gap -> decimal(gap, recommendation.measure()))
        .orElse(null);
  }

  private void place(String name, Optional<Candidate> candidate) throws IOException {
    number(json, name, candidate.map(one -> (long) place(one)).orElse(null));
  }

  private int place(Candidate candidate) {
    return Collections.binarySearch(performance.providers(), candidate.provider());
  }

  private static BigDecimal decimal(long value, Measure measure) {
    return BigDecimal.valueOf(value, measure.decimals());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
