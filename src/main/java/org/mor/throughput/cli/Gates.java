package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.index.Status;
import org.mor.throughput.load.Figures;
import org.mor.throughput.load.LoadPlan;
import org.mor.throughput.load.LoadTest;
import org.mor.throughput.load.Site;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.telemetry.SelfCheck;
import org.mor.throughput.wiring.Graph;

/** The gates of how things stand, and of what the server is made of. The chain is not asked. */
final class Gates {
  private static final int USERS = 50;

  private Gates() {}

  static Verdict completeness(Graph graph) {
    Status status = Status.read(graph.ledger(), graph.settings(), Optional.empty());
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

  static Verdict freshness(Graph graph, long maxLag) {
    Optional<Cursor> cursor = graph.ledger().position();
    OptionalLong time = cursor.map(Cursor::lastBlockTime).orElse(OptionalLong.empty());
    if (time.isEmpty()) {
      return Verdict.nothing("the time of the cursor's block", "incremental");
    }
    long seconds = Instant.now().getEpochSecond() - time.getAsLong();
    List<String> faults = new ArrayList<>();
    if (seconds < -60) {
      faults.add("it is in the future; next: check this machine's clock");
    } else if (seconds > maxLag * 60) {
      faults.add("it is too old; next: runs, status");
    }
    return Verdict.of(
        "block %d is %,d minutes old, %,d are allowed"
            .formatted(cursor.get().lastBlock(), seconds / 60, maxLag),
        faults);
  }

  static Verdict telemetry() {
    try {
      Path directory = Files.createTempDirectory("telemetry");
      try {
        List<String> faults = SelfCheck.faults(directory.resolve("telemetry.db"));
        return Verdict.of("a scratch database of 1,000 requests over 401 days", faults);
      } finally {
        Demo.empty(directory);
      }
    } catch (IOException e) {
      return Verdict.of("the directory for temporary files", List.of(String.valueOf(e)));
    }
  }

  static Verdict loadSmoke(ObjectStore store, Duration duration) {
    LoadPlan plan = new LoadPlan("smoke", USERS, USERS, duration.toSeconds(), 1_000, null, 0);
    try (StoreServer server = StoreServer.start(store, 0)) {
      JsonNode run = LoadTest.run(Site.look(server.address()), plan, line -> {});
      JsonNode all = run.path("total");
      boolean good = all.path("okPercent").asDouble() >= 99 && all.path("total").asLong() > 0;
      return Verdict.of(
          "%d users, %d s: %s requests, %s %% ok, %s"
              .formatted(
                  USERS,
                  duration.toSeconds(),
                  all.path("total").asText(),
                  all.path("okPercent").asText(),
                  Figures.p95(all)),
          good ? List.of() : List.of("fewer than 99 % were answered well: " + run.path("errors")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.skipped("it was interrupted");
    } catch (IOException e) {
      return Verdict.nothing(
          "`serve` of " + store.location() + ": " + e.getMessage(), "run rollup");
    } catch (Exception e) {
      throw new IllegalStateException("The load test failed", e);
    }
  }
}
