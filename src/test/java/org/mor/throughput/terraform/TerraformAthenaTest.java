package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.sql.SavedQueries;
import org.mor.throughput.terraform.PolicyDecision.Answer;
import org.mor.throughput.terraform.PolicyDecision.Request;

/**
 * The rows as tables for Athena: off unless asked for, private, and of the columns that rows have.
 */
class TerraformAthenaTest {
  private static final String LAKE = "prd-morpheus-throughput-indexer-athena-123456789012";

  private final Terraform terraform = Terraform.read();
  private final JsonNode made = terraform.resources("athena");

  @Test
  void nothingIsMadeUnlessAskedFor() {
    for (String scenario : List.of("defaults", "full")) {
      terraform
          .resources(scenario)
          .properties()
          .forEach(
              type -> {
                if (type.getKey().matches("aws_(athena|glue)_.*|aws_s3_bucket|aws_iam_policy")) {
                  assertThat(type.getValue()).as(scenario + " " + type.getKey()).isEmpty();
                }
              });
    }
    assertThat(made.path("aws_glue_catalog_table")).hasSize(4);
    assertThat(terraform.rendered().at("/athena-limit/refused/0").asText())
        .contains("whole number from 1");
  }

  @Test
  void tablesHaveTheColumnsOfTheRowsAndOfTheLake() {
    assertThat(columns("raw.closes"))
        .containsExactlyInAnyOrderEntriesOf(lower(SavedQueries.CLOSES));
    assertThat(columns("raw.opens")).containsExactlyInAnyOrderEntriesOf(lower(SavedQueries.OPENS));
    for (String kind : List.of("closes", "opens")) {
      Map<String, String> lake = columns("lake." + kind);
      assertThat(lake.remove("retracted")).as("null in the lake").isEqualTo("boolean");
      assertThat(List.copyOf(lake.entrySet()))
          .isEqualTo(
              List.copyOf(
                  lower(kind.equals("closes") ? SavedQueries.LAKE_CLOSES : SavedQueries.LAKE_OPENS)
                      .entrySet()));
    }
  }

  private Map<String, String> columns(String table) {
    Map<String, String> columns = new LinkedHashMap<>();
    JsonNode storage = table(table).at("/storage_descriptor/0");
    storage
        .path("columns")
        .forEach(column -> columns.put(column.path("name").asText(), column.path("type").asText()));
    assertThat(columns).hasSize(storage.path("columns").size());
    return columns;
  }

  private static Map<String, String> lower(Map<String, String> columns) {
    Map<String, String> lower = new LinkedHashMap<>();
    columns.forEach((name, type) -> lower.put(name.toLowerCase(Locale.ROOT), type));
    return lower;
  }

  private JsonNode table(String name) {
    return made.path("aws_glue_catalog_table").path(name);
  }

  /** Only the lake has a folder a month, and its folders hold pointers, not files. */
  @Test
  void onlyTheLakeIsProjectedByMonthAndReadsThroughItsPointers() {
    JsonNode raw = table("raw.closes");
    assertThat(raw.path("parameters").has("projection.enabled")).isFalse();
    assertThat(raw.has("partition_keys")).isFalse();
    assertThat(raw.at("/storage_descriptor/0/location").asText())
        .isEqualTo("s3://prd-tech-website/api/throughput/raw/closes/");
    JsonNode reader = raw.at("/storage_descriptor/0/ser_de_info/0");
    assertThat(reader.path("serialization_library").asText())
        .as("OpenX's may return more rows or fewer")
        .isEqualTo("org.apache.hive.hcatalog.data.JsonSerDe");
    assertThat(reader.has("parameters")).isFalse();
    JsonNode lake = table("lake.opens");
    assertThat(lake.at("/parameters/projection.month.format").asText()).isEqualTo("yyyy-MM");
    assertThat(lake.at("/partition_keys/0/name").asText()).isEqualTo("month");
    assertThat(lake.at("/storage_descriptor/0/input_format").asText())
        .endsWith("SymlinkTextInputFormat");
    assertThat(lake.at("/storage_descriptor/0/location").asText())
        .isEqualTo("s3://" + LAKE + "/lake/current/opens/");
    assertThat(terraform.rendered().at("/athena/output/lake_location").asText())
        .isEqualTo("s3://" + LAKE + "/lake/");
  }

  @Test
  void everySavedQueryIsAFileAndEveryFileIsSaved() throws IOException {
    Map<String, String> saved = new LinkedHashMap<>();
    made.path("aws_athena_named_query")
        .forEach(query -> saved.put(query.path("name").asText(), query.path("query").asText()));
    try (var files = Files.list(Path.of("sql"))) {
      List<Path> all = files.toList();
      assertThat(saved).hasSameSizeAs(all).isNotEmpty();
      for (Path file : all) {
        String name = file.getFileName().toString().replace(".sql", "");
        assertThat(saved.get(name)).isEqualTo(Files.readString(file));
      }
    }
  }

  @Test
  void aQueryIsLimitedAndItsResultExpiresInAPrivateBucket() {
    JsonNode workgroup = made.at("/aws_athena_workgroup/rows/configuration/0");
    assertThat(workgroup.path("bytes_scanned_cutoff_per_query").asLong()).isEqualTo(2L << 30);
    assertThat(workgroup.path("enforce_workgroup_configuration").asBoolean()).isTrue();
    assertThat(workgroup.at("/result_configuration/0/output_location").asText())
        .isEqualTo("s3://" + LAKE + "/results/");
    JsonNode rules = made.at("/aws_s3_bucket_lifecycle_configuration/athena/rule");
    assertThat(rules).as("the lake does not expire").hasSize(1);
    assertThat(rules.at("/0/filter/0/prefix").asText()).isEqualTo("results/");
    assertThat(rules.at("/0/expiration/0/days").asInt()).isPositive();
    JsonNode access = made.at("/aws_s3_bucket_public_access_block/athena");
    for (String block :
        List.of(
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets")) {
      assertThat(access.path(block).asBoolean()).as(block).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3:GetObject                | arn:aws:s3:::prd-tech-website/api/throughput/raw/closes/2026-05.ndjson.gz | ALLOWED
          s3:GetObject                | arn:aws:s3:::prd-tech-website/api/throughput/state/cursor.json | SILENT
          s3:PutObject                | arn:aws:s3:::prd-tech-website/api/throughput/raw/closes/2026-05.ndjson.gz | SILENT
          s3:GetObject                | arn:aws:s3:::%s/lake/closes/month=2026-05/part-1.parquet | ALLOWED
          s3:PutObject                | arn:aws:s3:::%s/lake/manifest.json | SILENT
          s3:PutObject                | arn:aws:s3:::%s/results/1.csv | ALLOWED
          s3:DeleteObject             | arn:aws:s3:::%s/results/1.csv | SILENT
          glue:GetTable               | arn:aws:glue:us-east-2:123456789012:table/prd_morpheus_throughput_indexer/raw_closes | ALLOWED
          glue:GetTable               | arn:aws:glue:us-east-2:123456789012:table/other/raw_closes | SILENT
          glue:GetDatabase            | arn:aws:glue:us-east-2:123456789012:database/default | ALLOWED
          glue:GetDatabases           | arn:aws:glue:us-east-2:123456789012:catalog | ALLOWED
          glue:CreateDatabase         | arn:aws:glue:us-east-2:123456789012:database/default | SILENT
          glue:GetTable               | arn:aws:glue:us-east-2:123456789012:table/default/x | SILENT
          glue:DeleteTable            | arn:aws:glue:us-east-2:123456789012:table/prd_morpheus_throughput_indexer/raw_closes | SILENT
          athena:StartQueryExecution  | arn:aws:athena:us-east-2:123456789012:workgroup/prd-morpheus-throughput-indexer | ALLOWED
          athena:StartQueryExecution  | arn:aws:athena:us-east-2:123456789012:workgroup/primary | SILENT
          athena:BatchGetNamedQuery   | arn:aws:athena:us-east-2:123456789012:workgroup/prd-morpheus-throughput-indexer | ALLOWED
          athena:ListQueryExecutions  | arn:aws:athena:us-east-2:123456789012:workgroup/prd-morpheus-throughput-indexer | ALLOWED
          athena:GetQueryRuntimeStatistics | arn:aws:athena:us-east-2:123456789012:workgroup/prd-morpheus-throughput-indexer | ALLOWED
          """)
  void anAnalystReadsRowsAndWritesResults(String action, String resource, Answer answer) {
    String policy = made.at("/aws_iam_policy/analyst/policy").asText();
    Request request =
        new Request(
            "arn:aws:iam::123456789012:role/analyst", action, resource.formatted(LAKE), Map.of());
    assertThat(new PolicyDecision(Terraform.json(policy).path("Statement")).on(request))
        .isEqualTo(answer);
  }
}
