package org.mor.throughput.publish;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Measure;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.rollup.Recommendation.Candidate;
import org.mor.throughput.rollup.Recommendation;
import org.mor.throughput.rollup.Recommender;
import org.mor.throughput.session.ModelLabel;

/** {@code rollup/recommendations.json}; models and providers are places in its lists. */
record RecommendationsCodec(DocumentCodec json, Performance performance) {
  static Document encode(
      DocumentHead head,
      Performance performance,
      List<Recommendation> recommendations,
      Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.RECOMMENDATIONS,
        head,
        json -> {
          json.number("methodologyVersion", Methodology.VERSION);
          PerformanceCodec.window(json, performance);
          RecommendationsCodec codec = new RecommendationsCodec(json, performance);
          json.object("rules", codec::rules);
          ColumnsCodec.models(json, performance.models(), labels);
          ColumnsCodec.providers(json, performance.providers());
          json.objects("recommendations", recommendations, codec::write);
        });
  }

  private void rules() {
    json.number("minSamples", Recommender.MIN_SAMPLES);
    json.number("minUsers", Recommender.MIN_USERS);
    json.number("minDays", Recommender.MIN_DAYS);
    json.number("maxDisputedPct", Recommender.MAX_DISPUTED_PCT);
    json.number("maxIdleDays", Recommender.MAX_IDLE_DAYS);
  }

  private void write(Recommendation recommendation) {
    Measure measure = recommendation.measure();
    String size = measure.sizes().names().get(recommendation.size());
    json.number("model", Collections.binarySearch(performance.models(), recommendation.model()));
    json.text("measure", measure.field());
    json.text("inputClass", measure == Measure.TTFT_MS ? size : null);
    json.text("outputClass", measure == Measure.TPS ? size : null);
    json.text("outcome", word(recommendation.outcome()));
    json.text(
        "confidence", recommendation.confidence().map(RecommendationsCodec::word).orElse(null));
    json.number("winner", recommendation.winner().map(this::place).orElse(null));
    json.number("runnerUp", recommendation.runnerUp().map(this::place).orElse(null));
    json.number("gap", PerformanceCodec.decimal(gap(recommendation), measure));
    json.numbers("tied", recommendation.tied().stream().mapToLong(this::place).toArray());
    json.objects("candidates", recommendation.candidates(), candidate -> write(candidate, measure));
  }

  private void write(Candidate candidate, Measure measure) {
    Optional<Estimate> estimate = Optional.ofNullable(candidate.estimate());
    json.number("provider", place(candidate));
    json.flag("eligible", candidate.isEligible());
    json.number(
        "rank", candidate.rank().isPresent() ? (Long) (long) candidate.rank().getAsInt() : null);
    json.number("p50", PerformanceCodec.decimal(estimate.map(Estimate::value), measure));
    json.number("p50Low", PerformanceCodec.decimal(estimate.map(Estimate::low), measure));
    json.number("p50High", PerformanceCodec.decimal(estimate.map(Estimate::high), measure));
    json.number("samples", candidate.samples());
    json.number("users", candidate.users());
    json.number("activeDays", candidate.days());
    json.number("disputedPct", candidate.disputedPct());
    json.time("lastSampleAt", candidate.lastSample());
    json.number("needsSamples", candidate.needsSamples());
    json.texts("lacks", candidate.lacks(), RecommendationsCodec::word);
  }

  /** How far apart the medians of winner and runner-up are. */
  private static Optional<Long> gap(Recommendation recommendation) {
    Optional<Long> best = recommendation.winner().map(Candidate::estimate).map(Estimate::value);
    Optional<Long> next = recommendation.runnerUp().map(Candidate::estimate).map(Estimate::value);
    return best.flatMap(one -> next.map(other -> Math.abs(one - other)));
  }

  private long place(Candidate candidate) {
    return Collections.binarySearch(performance.providers(), candidate.provider());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
