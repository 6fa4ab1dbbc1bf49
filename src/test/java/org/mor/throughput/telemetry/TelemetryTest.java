package org.mor.throughput.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On real files, by clocks of the test. */
class TelemetryTest {
  private static final long NOON = Instant.parse("2026-05-10T12:00:00Z").toEpochMilli();
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong millis = new AtomicLong(NOON);
  private final AtomicLong nanos = new AtomicLong();
  private Path file;
  private Telemetry telemetry;

  @BeforeEach
  void open(@TempDir Path directory) {
    file = directory.resolve("some/telemetry.db");
    telemetry = telemetry();
  }

  @AfterEach
  void close() {
    telemetry.close();
  }

  private Telemetry telemetry() {
    return new Telemetry(file, () -> Instant.ofEpochMilli(millis.get()), nanos::get);
  }

  /** Both clocks go on, as they do. */
  private void pass(long hours) {
    millis.addAndGet(TimeUnit.HOURS.toMillis(hours));
    nanos.addAndGet(TimeUnit.HOURS.toNanos(hours));
  }

  private void ask(String route, int status, long micros, String address) {
    telemetry.record(new Asked(millis.get(), route, status, micros, 100, address));
  }

  private void ask(int times, String address) {
    for (int i = 0; i < times; i++) {
      ask("/health", 200, 1_000, address);
    }
  }

  private long number(String sql) throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getLong(1) : -1;
    }
  }

  private long counted() throws SQLException {
    return number("SELECT sum(count) FROM hours");
  }

  private String bytes() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(file.getParent())) {
      for (Path one : files.toList()) {
        all.append(new String(Files.readAllBytes(one), ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void requestsAreAddedUpByHourRouteAndOutcome() throws Exception {
    ask("/health", 200, 1_000, "a");
    ask("/health", 200, 3_000, "b");
    telemetry.step();
    ask("/health", 200, 5_000, "a");
    ask("/health", 503, 9_000, "a");
    pass(1);
    ask("/v1/status", 304, 200, "c");
    telemetry.step();
    try (Database database = Database.open(file)) {
      assertThat(
              database
                  .list(
                      "SELECT hour, route, outcome, count, micros, bytes FROM hours ORDER BY hour, outcome DESC")
                  .toString())
          .isEqualTo(
              "[{\"hour\":%d,\"route\":\"/health\",\"outcome\":\"SUCCESS\",\"count\":3,\"micros\":9000,\"bytes\":300},{\"hour\":%d,\"route\":\"/health\",\"outcome\":\"SERVER_ERROR\",\"count\":1,\"micros\":9000,\"bytes\":100},{\"hour\":%d,\"route\":\"/v1/status\",\"outcome\":\"REDIRECTION\",\"count\":1,\"micros\":200,\"bytes\":100}]"
                  .formatted(NOON, NOON, NOON + Database.HOUR_MILLIS));
      assertThat(database.durations(0).getTotalCount()).isEqualTo(5);
      assertThat(database.durations(0).getValueAtPercentile(50)).isBetween(3_000L, 3_030L);
      assertThat(database.durations(NOON + 1).getTotalCount()).isEqualTo(1);
    }
    assertThat(number("SELECT count(*) FROM requests")).isEqualTo(5);
    assertThat(number("SELECT visitors FROM days")).isEqualTo(3);
  }

  @Test
  void noAddressIsInTheFileAndADaysHashesAreGoneAfterIt() throws Exception {
    String address = "203.0.113.77";
    ask(3, address);
    telemetry.step();
    long hash = number("SELECT visitor FROM requests");
    assertThat(hash).isNotZero();
    assertThat(bytes()).doesNotContain(address);
    pass(24);
    ask(1, address);
    telemetry.step();
    assertThat(bytes()).doesNotContain(address);
    assertThat(number("SELECT visitor FROM requests ORDER BY id DESC"))
        .as("another salt")
        .isNotEqualTo(hash);
    assertThat(number("SELECT sum(visitors * 100 + requests) FROM days")).isEqualTo(103 + 101);
  }

  @Test
  void aFileThatIsLockedOverMidnightLosesNoVisitor() throws Exception {
    ask(3, "a");
    telemetry.step();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      pass(12);
      ask(2, "a");
      telemetry.step();
      assertThat(telemetry.stats().path("state").asText()).isEqualTo("paused");
      statement.execute("ROLLBACK");
    }
    nanos.addAndGet(MINUTE);
    telemetry.step();
    assertThat(number("SELECT max(visitors * 100 + requests) FROM days")).isEqualTo(103);
    assertThat(number("SELECT min(visitors * 100 + requests) FROM days")).isEqualTo(102);
  }

  @Test
  void whatIsInTheFileIsNotAddedAgainWhereRemovingFails() throws Exception {
    ask(3, "a");
    telemetry.step();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER stuck BEFORE DELETE ON hours BEGIN SELECT RAISE(ABORT, 'stuck'); END");
      pass(24 * 401);
      ask(4, "a");
      telemetry.step();
      assertThat(telemetry.stats().path("reason").asText()).contains("stuck");
      statement.execute("DROP TRIGGER stuck");
    }
    nanos.addAndGet(MINUTE);
    telemetry.step();
    assertThat(counted()).isEqualTo(4);
    assertThat(number("SELECT sum(requests) FROM days")).isEqualTo(4);
  }

  @Test
  void aLockedFilePausesAndNothingThatWasCountedIsLost() throws Exception {
    ask(2, "a");
    telemetry.step();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      ask(3, "a");
      telemetry.step();
      assertThat(telemetry.stats().path("state").asText()).isEqualTo("paused");
      assertThat(telemetry.stats().path("reason").asText()).contains("locked");
      ask(4, "a");
      telemetry.step();
      statement.execute("ROLLBACK");
    }
    telemetry.step();
    assertThat(counted()).as("it waits for a minute").isEqualTo(2);
    nanos.addAndGet(MINUTE);
    telemetry.step();
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
    assertThat(counted()).isEqualTo(9);
    assertThat(number("SELECT sum(requests) FROM days")).isEqualTo(9);
    assertThat(telemetry.stats().path("requestsNotKeptSingly").asLong())
        .isEqualTo(9 - number("SELECT count(*) FROM requests"))
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource({"0, this is no database", "5000, ~~~~~~~~~~~~~~~~~~~~~~~"})
  void aDamagedFilePausesUntilItIsRemoved(int from, String garbage) throws Exception {
    ask(500, "a");
    telemetry.step();
    telemetry.close();
    byte[] content = Files.readAllBytes(file);
    for (int i = from; i < content.length; i++) {
      content[i] = garbage.getBytes(US_ASCII)[i % garbage.length()];
    }
    Files.write(file, content);
    telemetry = telemetry();
    ask(2, "a");
    telemetry.step();
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("paused");
    Files.delete(file);
    nanos.addAndGet(MINUTE);
    telemetry.step();
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
    assertThat(counted()).isEqualTo(2);
  }

  @Test
  void aFileThatIsRemovedIsMadeAgain() throws Exception {
    ask(2, "a");
    telemetry.step();
    Files.delete(file);
    Files.delete(file.resolveSibling("telemetry.db-wal"));
    ask(3, "a");
    telemetry.step();
    assertThat(counted()).isEqualTo(3);
  }

  @Test
  void rowsAreKeptForSevenDaysAndHoursForFourHundred() throws Exception {
    ask(1, "a");
    telemetry.step();
    pass(24 * 7);
    ask(1, "a");
    telemetry.step();
    assertThat(number("SELECT count(*) FROM requests")).isEqualTo(2);
    pass(1);
    telemetry.step();
    assertThat(number("SELECT count(*) FROM requests")).isEqualTo(1);
    pass(24 * 393 - 1);
    telemetry.step();
    assertThat(counted()).isEqualTo(2);
    pass(1);
    telemetry.step();
    assertThat(counted()).isEqualTo(1);
  }

  @Test
  void aClockThatJumpsRemovesNothing() throws Exception {
    ask(1, "a");
    telemetry.step();
    millis.addAndGet(TimeUnit.DAYS.toMillis(5_000));
    ask(1, "a");
    telemetry.step();
    assertThat(counted()).isEqualTo(2);
    pass(3); // And stays wrong for hours.
    telemetry.step();
    pass(3);
    telemetry.step();
    assertThat(counted()).isEqualTo(2);
    millis.set(NOON - TimeUnit.DAYS.toMillis(30_000));
    ask(1, "a");
    telemetry.step();
    millis.set(NOON);
    ask(1, "a");
    telemetry.step();
    assertThat(counted()).isEqualTo(4);
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
  }

  @Test
  void whatIsTooMuchIsCountedAsLostAndNobodyWaits() throws Exception {
    ask(Telemetry.CAPACITY + 7, "a");
    assertThat(telemetry.stats().path("requestsLost").asLong()).isEqualTo(7);
    telemetry.step();
    assertThat(counted()).isEqualTo(Telemetry.CAPACITY);
    JsonNode stats = telemetry.stats();
    assertThat(stats.path("requestsWaiting").asLong()).isZero();
    assertThat(
            number("SELECT count(*) FROM requests") + stats.path("requestsNotKeptSingly").asLong())
        .isEqualTo(Telemetry.CAPACITY);
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String address = "10.0.0." + i;
      threads.add(new Thread(() -> ask(5_000, address)));
    }
    threads.forEach(Thread::start);
    while (threads.stream().anyMatch(Thread::isAlive)) {
      telemetry.step();
    }
    telemetry.step();
    assertThat(counted()).isEqualTo(20_000);
    assertThat(number("SELECT visitors * 100000 + requests FROM days")).isEqualTo(420_000);
  }

  @Test
  void twoServersCountInOneFileAndLoseNothing() throws Exception {
    Telemetry second = telemetry();
    try (second) {
      for (int i = 0; i < 5; i++) {
        ask(1, "a");
        telemetry.step();
        second.record(new Asked(millis.get(), "/health", 200, 1_000, 100, "a"));
        second.step();
      }
      Thread other = new Thread(() -> steps(second, 20));
      other.start();
      steps(telemetry, 20);
      other.join();
      nanos.addAndGet(MINUTE); // Whoever met the other's lock tries again.
      telemetry.step();
      second.step();
      assertThat(second.stats().path("state").asText()).isEqualTo("writing");
    }
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
    assertThat(counted()).isEqualTo(10 + 2 * 20);
    try (Database database = Database.open(file)) {
      assertThat(database.durations(0).getTotalCount()).isEqualTo(50);
      assertThat(database.list("PRAGMA integrity_check").toString()).contains("ok");
    }
    assertThat(number("SELECT sum(requests) FROM days")).isEqualTo(50);
  }

  private void steps(Telemetry of, int times) {
    for (int i = 0; i < times; i++) {
      of.record(new Asked(millis.get(), "/health", 200, 1_000, 100, "a"));
      of.step();
    }
  }

  @Test
  void compactAndResetBesideAServerThatWritesLoseNothingThatComesAfter() throws Exception {
    steps(telemetry, 1);
    Thread server = new Thread(() -> steps(telemetry, 100));
    server.start();
    try (Database database = Database.open(file)) {
      for (int i = 0; i < 5; i++) {
        database.compact();
      }
      server.join();
      nanos.addAndGet(MINUTE);
      telemetry.step();
      assertThat(counted()).isEqualTo(101);
      Thread again = new Thread(() -> steps(telemetry, 100));
      again.start();
      for (int i = 0; i < 5; i++) {
        database.reset();
      }
      again.join();
      nanos.addAndGet(MINUTE);
      telemetry.step();
      database.reset();
    }
    assertThat(counted()).isZero();
    steps(telemetry, 3);
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
    assertThat(counted()).isEqualTo(3);
    assertThat(number("SELECT sum(requests) FROM days")).isEqualTo(3);
  }

  @Test
  void afterAFullDiskItGoesOnAndWhatWasCountedMeanwhileIsWritten() throws Exception {
    ask(1, "a");
    telemetry.step();
    // Of this connection alone, which ends when telemetry pauses: the next one has room.
    assertThat(telemetry.open().list("PRAGMA max_page_count = 1").at("/0/max_page_count").asInt())
        .isPositive();
    for (int i = 0; i < 20 && telemetry.stats().path("reason").isNull(); i++) {
      ask(1_000, "a");
      telemetry.step();
    }
    assertThat(telemetry.stats().path("reason").asText()).contains("full");
    ask(7, "b");
    telemetry.step();
    long before = counted();
    assertThat(before % 1_000).as("whole batches").isEqualTo(1);
    nanos.addAndGet(MINUTE);
    telemetry.step();
    assertThat(telemetry.stats().path("state").asText()).isEqualTo("writing");
    assertThat(counted()).isEqualTo(before + 1_000 + 7);
    assertThat(number("SELECT sum(requests) FROM days")).isEqualTo(counted());
  }

  @Test
  void aFileOfALaterVersionIsLeftAlone() throws Exception {
    telemetry.step();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA user_version = 3");
    }
    assertThatThrownBy(() -> Database.open(file)).hasMessageContaining("upgrade this program");
  }

  @ParameterizedTest
  @CsvSource({
    "/summary.json,200,/api/throughput/summary.json",
    "/api/throughput/summary.json,304,/api/throughput/summary.json",
    "/api/throughput/rollup/daily.json,200,/api/throughput/rollup/daily.json",
    "/rollup/performance/2026-03.0123abcd.json,200,/api/throughput/rollup/performance/{month}",
    "/js/main.js,200,page",
    "/throughput.html,200,page",
    "/summary.html,200,/api/throughput/summary.html",
    "/summary.json,404,other",
    "/wp-login.php,404,other",
    "/x%22%7D,404,other",
    "*,200,other",
    "/v1/ws,101,/v1/ws",
    "/v1/sse/sessions,200,/v1/sse",
    "/v1/sse/nothing,404,/v1/sse",
    "/health,503,/health"
  })
  void aRouteIsOneOfAFew(String path, int status, String route) {
    assertThat(Asked.route(path, status)).isEqualTo(route);
  }
}
