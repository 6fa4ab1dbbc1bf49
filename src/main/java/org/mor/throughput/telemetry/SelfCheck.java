package org.mor.throughput.telemetry;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Writes and reads a scratch file by a clock of its own. */
public final class SelfCheck {
  private static final int REQUESTS = 1_000;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private SelfCheck() {}

  /** What is wrong with the schema, inserts, sums or retention; empty where nothing is. */
  public static List<String> faults(Path scratch) {
    List<String> faults = new ArrayList<>();
    AtomicLong hours = new AtomicLong();
    try (Telemetry telemetry =
        new Telemetry(
            scratch,
            () -> START.plus(Duration.ofHours(hours.get())),
            () -> Duration.ofHours(hours.get()).toNanos())) {
      for (int i = 0; i < REQUESTS; i++) {
        telemetry.record(new Asked(telemetry.now(), "/health", 200, i, 10, "visitor " + i % 7));
      }
      telemetry.step();
      telemetry.step();
      count(faults, scratch, "SELECT count(*) FROM requests", REQUESTS);
      count(faults, scratch, "SELECT sum(count) FROM hours", REQUESTS);
      count(faults, scratch, "SELECT sum(bytes) FROM hours", REQUESTS * 10);
      count(faults, scratch, "SELECT sum(visitors) FROM days", 7);
      hours.set(8 * 24);
      telemetry.step();
      count(faults, scratch, "SELECT count(*) FROM requests", 0);
      count(faults, scratch, "SELECT sum(count) FROM hours", REQUESTS);
      hours.set(401 * 24);
      telemetry.step();
      count(faults, scratch, "SELECT count(*) FROM hours", 0);
      if (!telemetry.stats().path("reason").isNull()) {
        faults.add("it pauses: " + telemetry.stats().path("reason").asText());
      }
    }
    return faults;
  }

  private static void count(List<String> faults, Path scratch, String sql, long expected) {
    try (Database database = Database.open(scratch)) {
      long found = database.list(sql).path(0).elements().next().asLong();
      if (found != expected) {
        faults.add("%s is %d, and should be %d".formatted(sql, found, expected));
      }
    } catch (SQLException e) {
      faults.add("%s failed: %s".formatted(sql, e.getMessage()));
    }
  }
}
