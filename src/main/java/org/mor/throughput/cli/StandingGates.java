package org.mor.throughput.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.cli.ProveCommand.Scene;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.index.Status;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.publish.Summary.Completeness;

/**
 * The gates of how things stand: what {@code status} shows, with a verdict. The chain is not asked.
 */
final class StandingGates {
  private StandingGates() {}

  static Verdict completeness(Scene scene) {
    Status status = Status.read(scene.graph().ledger(), scene.graph().settings(), Optional.empty());
    if (status.cursor().isEmpty()) {
      return Verdict.nothing("the cursor", "backfill");
    }
    List<String> faults = new ArrayList<>();
    // What lies before the first scanned block is the proof's matter: it counts from nonce 0 on.
    status.gaps().stream()
        .filter(gap -> status.covered().isEmpty() || gap.last() > status.covered().get(0).first())
        .forEach(gap -> faults.add("blocks %s were not scanned; next: backfill".formatted(gap)));
    Optional<Proof> proof = status.proof().proof();
    if (!proof.map(found -> found.state().isProven()).orElse(false)) {
      String state = proof.map(found -> found.state().text()).orElse(Completeness.NOT_RUN);
      faults.add("the proof says %s; next: incremental, then repair".formatted(state));
    }
    return Verdict.of(
        "the proof as of block %d with %,d sessions; the cursor stands at block %d"
            .formatted(
                proof.map(Proof::asOfBlock).orElse(0L),
                proof.map(Proof::proven).orElse(0L),
                status.cursor().get().lastBlock()),
        faults);
  }

  static Verdict freshness(Scene scene) {
    Optional<Cursor> cursor = scene.graph().ledger().position();
    OptionalLong time = cursor.map(Cursor::lastBlockTime).orElse(OptionalLong.empty());
    if (time.isEmpty()) {
      return Verdict.nothing("the time of the cursor's block", "incremental");
    }
    Duration lag = Duration.between(Instant.ofEpochSecond(time.getAsLong()), Instant.now());
    String looked =
        "block %d is %,d minutes old, %,d are allowed"
            .formatted(cursor.get().lastBlock(), lag.toMinutes(), scene.maxLag().toMinutes());
    if (lag.compareTo(Duration.ofMinutes(-1)) < 0) {
      return Verdict.of(looked, List.of("it is in the future; next: check this machine's clock"));
    }
    return Verdict.of(
        looked,
        lag.compareTo(scene.maxLag()) > 0
            ? List.of("it is too old; next: runs, status")
            : List.of());
  }
}
