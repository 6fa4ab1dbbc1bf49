package org.mor.throughput.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DuckDB in this process, with the tables of the saved queries. */
public final class DuckDb implements AutoCloseable {
  private final Connection connection;

  private DuckDb() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("set TimeZone = 'UTC'");
    execute("set threads = 2");
    execute("set autoinstall_known_extensions = false");
  }

  /** Reads the rows of a store's folder where they lie. */
  public static DuckDb overRows(Path store) throws SQLException {
    DuckDb duck = new DuckDb();
    duck.rows(store, "closes", SavedQueries.CLOSES);
    duck.rows(store, "opens", SavedQueries.OPENS);
    return duck;
  }

  private void rows(Path store, String kind, Map<String, String> columns) throws SQLException {
    execute(
        "create view raw_%s as select * from read_json('%s', format = 'newline_delimited', columns = {%s})"
            .formatted(
                kind,
                store.resolve("raw/" + kind + "/*.ndjson.gz"),
                SavedQueries.columns(columns, type -> type.equals("string") ? "varchar" : type)));
  }

  /** Reads the newest files of an exported lake, as its manifest names them. */
  public static DuckDb overLake(Path lake) throws SQLException {
    DuckDb duck = new DuckDb();
    for (String kind : new String[] {"closes", "opens"}) {
      duck.execute(
          "set variable %s = (select list('%s/' || m.file order by m.file) from (select unnest(files) as m from read_json('%s/manifest.json')) where m.kind = '%s')"
              .formatted(kind, lake, lake, kind));
      duck.execute(
          "create view raw_%s as select *, null::boolean as retracted from read_parquet(getvariable('%s'))"
              .formatted(kind, kind));
    }
    return duck;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public List<Map<String, Object>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<Map<String, Object>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
