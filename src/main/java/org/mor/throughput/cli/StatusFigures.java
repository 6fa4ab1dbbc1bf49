package org.mor.throughput.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.index.Status;
import org.mor.throughput.metrics.Measured;
import org.mor.throughput.metrics.Metric;
import org.mor.throughput.metrics.PrometheusText;
import org.mor.throughput.publish.PublishedStuck;

/** How things stand as Prometheus' text, with the names of the function's metrics. */
final class StatusFigures {
  private StatusFigures() {}

  static Report of(String network, Status status, Optional<PublishedStuck> stuck, Instant now) {
    Map<Metric, Long> values = new EnumMap<>(Metric.class);
    status.lagBlocks().ifPresent(lag -> values.put(Metric.CURSOR_LAG_BLOCKS, lag));
    if (status.onChain() != Status.OnChain.UNKNOWN) {
      boolean known = status.onChain() == Status.OnChain.YES;
      values.put(Metric.CURSOR_ON_CHAIN, known ? 1L : 0L);
    }
    status
        .cursor()
        .filter(cursor -> !status.onChain().isDoubted())
        .ifPresent(
            cursor ->
                cursor
                    .lastBlockTime()
                    .ifPresent(time -> values.put(Metric.CURSOR_LAG_SECONDS, age(time, now))));
    if (status.cursor().isPresent()) {
      values.put(Metric.STORE_GENERATION, (long) status.cursor().get().generation());
      values.put(Metric.SUSPECT_ROWS, (long) status.suspects().rows().size());
      values.put(Metric.COVERAGE_GAPS, (long) status.gaps().size());
    }
    stuck.ifPresent(found -> values.put(Metric.STUCK_SESSIONS, found.stuckExpired()));
    status
        .proof()
        .proof()
        .filter(proof -> !status.onChain().isDoubted())
        .ifPresent(proof -> values.put(Metric.PROOF_PROVEN, proof.state().isProven() ? 1L : 0L));
    List<String> lines =
        values.isEmpty()
            ? List.of("# no figure is known: nothing is indexed in this store yet")
            : PrometheusText.lines(new Measured(network, values));
    var json = Report.object();
    values.forEach((metric, value) -> json.put(metric.cloudWatchName(), value));
    return new Report(lines, json, false);
  }

  private static long age(long time, Instant now) {
    return Math.max(0, Duration.between(Instant.ofEpochSecond(time), now).toSeconds());
  }
}
