package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.sql.SavedQueries;

/** The saved queries say on Spark what they say on DuckDB. */
class SparkSqlTest {
  @Test
  void everyBucketOfTheDocumentsIsWhatTheSavedQueriesSay(@TempDir Path dir) throws Exception {
    MetricRules rules =
        new MetricRules(500, FiguresTruth.LEGACY_FROM, FiguresTruth.LEGACY_UNTIL, Set.of());
    RehearsalSqlTest.publish(new FileObjectStore(dir), rules);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", dir.resolve("warehouse").toUri().toString())
            .getOrCreate()) {
      view(spark, dir, "closes", SavedQueries.CLOSES);
      view(spark, dir, "opens", SavedQueries.OPENS);

      SavedQueries.Compared compared =
          SavedQueries.assertAgree(dir, rules, sql -> rows(spark.sql(sql).collectAsList()));

      assertThat(compared.buckets()).isGreaterThan(1_000);
      assertThat(compared.figures()).contains("tokensReceipt", "morEarned", "tpsP99");
    }
  }

  private static void view(
      SparkSession spark, Path store, String kind, Map<String, String> columns) {
    String schema =
        columns.entrySet().stream()
            .map(column -> column.getKey() + " " + column.getValue())
            .collect(Collectors.joining(", "));
    spark
        .read()
        .schema(schema)
        .json(store.resolve("raw/" + kind).toUri().toString())
        .createOrReplaceTempView("raw_" + kind);
  }

  private static List<Map<String, Object>> rows(List<Row> found) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row row : found) {
      Map<String, Object> columns = new LinkedHashMap<>();
      for (int i = 0; i < row.length(); i++) {
        columns.put(row.schema().fieldNames()[i], row.get(i));
      }
      rows.add(columns);
    }
    return rows;
  }
}
