package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.load.Figures;
import org.mor.throughput.load.LoadPlan;
import org.mor.throughput.load.LoadTest;
import org.mor.throughput.load.Site;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.telemetry.SelfCheck;

/** Gates over what the server is made of. */
final class ServerGates {
  private static final int USERS = 50;

  private ServerGates() {}

  static Verdict telemetry() {
    try {
      Path directory = Files.createTempDirectory("telemetry");
      try {
        List<String> faults = SelfCheck.faults(directory.resolve("telemetry.db"));
        return Verdict.of("a scratch database of 1,000 requests over 401 days", faults);
      } finally {
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(directory);
      }
    } catch (IOException e) {
      return Verdict.of("the directory for temporary files", List.of(String.valueOf(e)));
    }
  }

  static Verdict loadSmoke(ObjectStore store, Duration duration) {
    Duration think = Duration.ofSeconds(1);
    LoadPlan plan = new LoadPlan("smoke", USERS, USERS, duration, think, 0, Optional.empty(), 1);
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
