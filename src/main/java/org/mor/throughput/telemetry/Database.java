package org.mor.throughput.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.mor.throughput.base.Json;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite file: hours and days for 400 days, single requests for 7 days and at most a million of
 * them, load tests. One connection, for one thread at a time.
 *
 * <p>Every method throws {@link SQLException} when the file is locked for longer than a second,
 * damaged, of a later version, or when its disk is full; nothing of a batch is then in it.
 */
public final class Database implements AutoCloseable {
  static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final int MOST_RAW = 1_000_000;
  private static final int MOST_RUNS = 1_000;
  private static final int VERSION = 2;

  /** Of a row of hours: whether its durations say how fast an answer came. */
  static final String NO_STREAM = "(route NOT GLOB '/v1/[sw]s*')";

  private static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS requests (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, route TEXT NOT NULL, status INTEGER NOT NULL, micros INTEGER NOT NULL, bytes INTEGER NOT NULL, visitor INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS hours (hour INTEGER NOT NULL, route TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, micros INTEGER NOT NULL, bytes INTEGER NOT NULL, histogram BLOB NOT NULL, PRIMARY KEY (hour, route, outcome));
      CREATE TABLE IF NOT EXISTS days (day INTEGER PRIMARY KEY, visitors INTEGER NOT NULL, requests INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, at INTEGER NOT NULL, run TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS visitors (day INTEGER, visitor INTEGER, requests INTEGER);
      INSERT OR IGNORE INTO days SELECT day, count(*), sum(requests) FROM visitors GROUP BY day;
      DROP TABLE visitors;
      PRAGMA user_version = 2;
      """;

  private static final List<String> TABLES = List.of("requests", "hours", "days", "runs");

  private final Connection connection;

  private Database(Connection connection) {
    this.connection = connection;
  }

  /** Opens the file, or makes it. */
  public static Database open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(1_000);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new SQLException("Making the directory of %s: %s".formatted(file, e), e);
    }
    Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      Database database = new Database(connection);
      long version = database.list("PRAGMA user_version").at("/0/user_version").asLong();
      if (version > VERSION) {
        throw new SQLException(file + " is of a later version: upgrade this program");
      }
      if (version < VERSION) {
        database.run(SCHEMA);
      }
      return database;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    return set(connection.prepareStatement(sql), values);
  }

  private static PreparedStatement set(PreparedStatement statement, Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private void change(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      statement.executeUpdate();
    }
  }

  /** What happens in a transaction: all of it or nothing. */
  private interface Work {
    void run() throws SQLException;
  }

  private void together(Work work) throws SQLException {
    run("BEGIN IMMEDIATE");
    try {
      work.run();
      run("COMMIT");
    } catch (SQLException | RuntimeException e) {
      try {
        run("ROLLBACK");
      } catch (SQLException rolledBackAlready) {
        e.addSuppressed(rolledBackAlready);
      }
      throw e;
    }
  }

  /** Writes requests as rows, sums, and visitors and requests by day at once. */
  void write(List<Object[]> rows, Map<Series.Group, Series> hours, Map<Long, long[]> days)
      throws SQLException {
    together(
        () -> {
          try (PreparedStatement insert =
              prepare("INSERT INTO requests VALUES (NULL,?,?,?,?,?,?)")) {
            for (Object[] row : rows) {
              set(insert, row).addBatch();
            }
            insert.executeBatch();
          }
          for (Map.Entry<Series.Group, Series> hour : hours.entrySet()) {
            add(hour.getKey(), hour.getValue());
          }
          for (Map.Entry<Long, long[]> day : days.entrySet()) {
            change(
                "INSERT INTO days VALUES (?,?,?) ON CONFLICT DO UPDATE SET visitors = visitors + excluded.visitors, requests = requests + excluded.requests",
                day.getKey(),
                day.getValue()[0],
                day.getValue()[1]);
          }
        });
  }

  private void add(Series.Group key, Series series) throws SQLException {
    Histogram all = series.histogram.copy();
    String same = "SELECT histogram FROM hours WHERE (hour, route, outcome) = (?,?,?)";
    merge(all, same, key.hour(), key.route(), key.outcome());
    ByteBuffer bytes = ByteBuffer.allocate(all.getNeededByteBufferCapacity());
    int length = all.encodeIntoCompressedByteBuffer(bytes);
    change(
        "INSERT INTO hours VALUES (?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET count = count + excluded.count, micros = micros + excluded.micros, bytes = bytes + excluded.bytes, histogram = excluded.histogram",
        key.hour(),
        key.route(),
        key.outcome(),
        series.count,
        series.micros,
        series.bytes,
        Arrays.copyOf(bytes.array(), length));
  }

  private void merge(Histogram all, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        all.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(found.getBytes(1)), 0));
      }
    } catch (DataFormatException | RuntimeException e) {
      throw new SQLException("A histogram of the file is damaged", e);
    }
  }

  /** Removes what is older than it is kept. */
  void expire(long now) throws SQLException {
    together(
        () -> {
          change(
              "DELETE FROM requests WHERE at < ? OR id <= (SELECT max(id) FROM requests) - ?",
              now - 7 * DAY_MILLIS,
              MOST_RAW);
          change("DELETE FROM hours WHERE hour < ?", now - 400 * DAY_MILLIS);
          change("DELETE FROM days WHERE day < ?", now - 400 * DAY_MILLIS);
        });
  }

  /** Keeps a load test, and a thousand in all; another one of the same id is replaced. */
  public void saveRun(String id, long millis, ObjectNode run) throws SQLException {
    change("INSERT OR REPLACE INTO runs VALUES (?,?,?)", id, millis, run.toString());
    change(
        "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY at DESC LIMIT ?)",
        MOST_RUNS);
  }

  /** Load tests, the newest first. */
  public ArrayNode runs(int most) throws SQLException {
    ArrayNode runs = Json.PLAIN.createArrayNode();
    for (JsonNode row : list("SELECT run FROM runs ORDER BY at DESC, id LIMIT ?", most)) {
      try {
        runs.add(Json.PLAIN.readTree(row.path("run").asText()));
      } catch (IOException e) {
        throw new SQLException("A load test of the file is damaged", e);
      }
    }
    return runs;
  }

  /** Every row of an answer as an object with the columns' names; bytes are left out. */
  public void each(String sql, Consumer<ObjectNode> row, Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          if (!(result.getObject(i) instanceof byte[])) {
            json.set(
                result.getMetaData().getColumnLabel(i),
                Json.PLAIN.valueToTree(result.getObject(i)));
          }
        }
        row.accept(json);
      }
    }
  }

  ArrayNode list(String sql, Object... values) throws SQLException {
    ArrayNode list = Json.PLAIN.createArrayNode();
    each(sql, list::add, values);
    return list;
  }

  /** How long requests took from one hour on, in microseconds; streams are left out. */
  Histogram durations(long from) throws SQLException {
    Histogram all = Series.empty();
    merge(all, "SELECT histogram FROM hours WHERE hour >= ? AND " + NO_STREAM, from);
    return all;
  }

  /** Gives the space of removed rows back to the disk, also while a server writes. */
  public void compact() throws SQLException {
    run("PRAGMA busy_timeout = 10000"); // The server may be at a write, which is soon over.
    run("VACUUM");
    ArrayNode unused = list("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Removes every row, also while a server writes. */
  public void reset() throws SQLException {
    run("PRAGMA busy_timeout = 10000");
    together(
        () -> {
          for (String table : TABLES) {
            change("DELETE FROM " + table);
          }
        });
    compact();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
