package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;

/** One environment from its first invocation on, as AWS's runtime client runs it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EnvironmentLifeIT {
  /** An event as EventBridge sends it. */
  private static final String SCHEDULED =
      """
      {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event",\
      "source":"aws.events","account":"123456789012","time":"2026-06-20T00:15:00Z",\
      "region":"us-east-2","resources":["arn:aws:events:us-east-2:123456789012:rule/tick"],"detail":{}}\
      """;

  /** What the Scheduler sends when its target has no input; its detail is a text. */
  private static final String OF_THE_SCHEDULER =
      """
      {"version":"0","id":"9b01f4c2-0000","detail-type":"Scheduled Event","source":"aws.scheduler",\
      "account":"123456789012","time":"2026-06-20T00:30:00Z","region":"us-east-2",\
      "resources":["arn:aws:scheduler:us-east-2:123456789012:schedule/tick/tick"],"detail":"{}"}\
      """;

  private static FunctionWorld world;
  private static FunctionProcess function;

  @BeforeAll
  static void start(@TempDir Path directory) {
    world = new FunctionWorld();
    function = new FunctionProcess(FunctionZip.unpackInto(directory), world.variables());
  }

  @AfterAll
  static void stop() {
    function.close();
    world.close();
  }

  private Map<String, String> documentsBefore;

  @BeforeEach
  void look() {
    documentsBefore = documents();
  }

  /** Whatever happened: the key is nowhere, and every line of the log is one JSON object. */
  @AfterEach
  void nothingIsGivenAway() {
    assertThat(function.log()).doesNotContain("CANARY");
    for (JsonNode line : function.lines()) {
      assertThat(line.path("timestamp").textValue())
          .as(line.toString())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
      assertThat(line.path("level").textValue()).isIn("DEBUG", "INFO", "WARN", "ERROR", "FATAL");
    }
    world
        .s3
        .objects()
        .values()
        .forEach(
            body ->
                assertThat(new String(body, StandardCharsets.ISO_8859_1)).doesNotContain("CANARY"));
    world.invalidations.forEach(body -> assertThat(body).doesNotContain("CANARY"));
  }

  @Test
  @Order(1)
  void aScheduledEventScansTheNewestBlocksAndPublishes() {
    JsonNode report = function.report(SCHEDULED);
    assertThat(report.path("status").textValue()).isEqualTo("done");
    assertThat(report.at("/startedBy/source").textValue()).isEqualTo("aws.events");
    assertThat(report.path("historyNeedsBackfill").booleanValue()).isTrue();
    assertThat(warnings(report)).anyMatch(text -> text.contains("left to `indexer backfill`"));
    long safe = world.market.head() - 20;
    assertThat(report.at("/range/first").longValue()).isEqualTo(safe - 3_999);
    assertThat(report.at("/range/last").longValue()).isEqualTo(safe);
    assertThat(report.path("cursor").longValue()).isEqualTo(safe);
    assertThat(report.path("head").longValue()).isEqualTo(world.market.head());
    assertThat(report.path("lagBlocks").longValue()).isEqualTo(20);
    assertThat(report.path("documents").intValue()).isGreaterThanOrEqualTo(8);
    assertThat(version(FunctionWorld.PREFIX + "status.json", "version")).isEqualTo(ofThePom());
    assertThat(version(FunctionWorld.PREFIX + "state/runs/", "program")).isEqualTo(ofThePom());
    assertThat(report.path("coldStart").booleanValue()).isTrue();
    assertThat(report.path("milliseconds").longValue()).isPositive();
    assertThat(report.at("/rpc/requests").longValue()).isPositive();
    assertThat(report.at("/rpc/errors").size()).isZero();
    assertThat(report.path("invalidation").textValue()).isEqualTo("requested");
    assertThat(world.invalidations)
        .singleElement()
        .asString()
        .contains("<Path>/api/throughput/*</Path>")
        .contains("<CallerReference>throughput-base-" + safe + "-");
    assertThat(documents()).containsKey("api/throughput/summary.json");
  }

  @Test
  @Order(2)
  void aRunLeavesOneLineWithItsReportAndItsMetrics() {
    JsonNode report = function.report("{\"skip_rollup\":true}");
    String id = report.path("runId").textValue();
    assertThat(
            function.lines().stream()
                .filter(l -> l.path("report").path("runId").asText().equals(id)))
        .singleElement()
        .satisfies(line -> assertThat(line.path("report")).isEqualTo(report));
    JsonNode metrics = function.metrics(id).get(0);
    assertThat(metrics.at("/_aws/CloudWatchMetrics/0/Namespace").textValue())
        .isEqualTo("MorpheusThroughput");
    assertThat(metrics.at("/_aws/CloudWatchMetrics/0/Dimensions"))
        .hasToString("[[\"FunctionName\"]]");
    assertThat(metrics.path("FunctionName").textValue()).isEqualTo("throughput");
    assertThat(metrics.path("RunSucceeded").intValue()).isEqualTo(1);
    assertThat(metrics.path("ColdStart").intValue()).isZero();
    assertThat(metrics.path("CursorLagBlocks").longValue()).isEqualTo(20);
    assertThat(metrics.path("CursorLagSeconds").longValue()).isPositive();
    assertThat(metrics.path("CoverageGaps").longValue()).isEqualTo(1);
    // A reader that has served before is counted from this run on.
    assertThat(metrics.path("RpcRequests").longValue())
        .isEqualTo(report.at("/rpc/requests").longValue())
        .isBetween(1L, 10L);
    assertThat(report.path("coldStart").booleanValue()).isFalse();
    assertThat(world.secretReads.get())
        .as("the secret is kept for a quarter of an hour")
        .isEqualTo(1);
  }

  @Test
  @Order(3)
  void aChainThatStandsStillChangesNothing() {
    JsonNode report = function.report(OF_THE_SCHEDULER);
    assertThat(report.path("status").textValue()).isEqualTo("done");
    assertThat(report.path("warnings")).isEmpty();
    assertThat(report.at("/startedBy/source").textValue()).isEqualTo("aws.scheduler");
    assertThat(report.at("/startedBy/resource").textValue()).endsWith("schedule/tick/tick");
    assertThat(report.path("planned").isNull()).isTrue();
    assertThat(report.path("documents").intValue()).isZero();
    assertThat(report.path("invalidation").textValue()).isEqualTo("not_needed");
    assertThat(documents()).isEqualTo(documentsBefore);
    assertThat(world.invalidations).hasSize(1);
    assertThat(metric(report, "CursorLagSeconds")).as("what tells of it").isPositive();
  }

  @Test
  @Order(4)
  void anOperatorForcesARollup() {
    JsonNode report = function.report("{\"force_rollup\":true}");
    assertThat(report.has("startedBy")).isFalse();
    assertThat(report.at("/rollup/written").intValue() + report.at("/rollup/unchanged").intValue())
        .isGreaterThanOrEqualTo(8);
    assertThat(report.at("/rollup/contentChanged").booleanValue()).isFalse();
    assertThat(world.invalidations).as("no figure changed").hasSize(1);
  }

  @Test
  @Order(5)
  void anUnknownKeyIsAWarningAndMaxBlocksIsAWish() {
    world.market.extend(900, 4);
    JsonNode report = function.report("{\"max_blocks\":300,\"forceRollup\":true}");
    assertThat(warnings(report)).anyMatch(text -> text.contains("'forceRollup' means nothing"));
    assertThat(report.at("/range/last").longValue() - report.at("/range/first").longValue() + 1)
        .isEqualTo(300 + 200);
    assertThat(report.path("lagBlocks").longValue()).isEqualTo(620);
  }

  @Test
  @Order(6)
  void aPayloadOfTheWrongTypeIsRefused() {
    assertThat(function.failure("{\"force_rollup\":\"yes\"}"))
        .isEqualTo(
            "BadRequestException (exit code 2 of the command line): The payload's force_rollup is a"
                + " string; next: give true or false");
    assertThat(function.failure("[1]")).contains("The payload is an array, not a JSON object");
    assertThat(function.failure("{\"max_blocks\":0}"))
        .contains("a whole number from 1 to 100000000");
    assertThat(documents()).isEqualTo(documentsBefore);
  }

  @Test
  @Order(7)
  void aRunShortOfTimeIsPartialAndWhatItDidIsKept() {
    world.market.extend(60_000, 30);
    long before = cursor();
    // The first slice takes until less than a minute is left.
    Duration left = Duration.ofSeconds(64);
    world.node.holdLogsUntil(Instant.now().plus(left).minusSeconds(60));
    JsonNode report = function.report("{\"max_blocks\":60000}", left);
    assertThat(report.path("status").textValue()).isEqualTo("partial");
    assertThat(cursor()).isEqualTo(report.path("cursor").longValue()).isGreaterThan(before);
    assertThat(report.path("lagBlocks").longValue()).isGreaterThan(20);
    assertThat(metric(report, "RunPartial")).isEqualTo(1);
    assertThat(metric(report, "RunSucceeded")).isEqualTo(1);

    JsonNode none = function.report("{}", Duration.ofSeconds(15));
    assertThat(none.path("status").textValue()).isEqualTo("partial");
    assertThat(none.path("range").isNull()).isTrue();
    assertThat(none.path("documents").intValue()).isZero();

    JsonNode rest = function.report("{\"max_blocks\":60000}");
    assertThat(rest.path("status").textValue()).isEqualTo("done");
    assertThat(rest.path("lagBlocks").longValue()).isEqualTo(20);
  }

  @Test
  @Order(8)
  void aRefusedInvalidationIsAWarning() {
    world.market.extend(900, 4);
    world.denyInvalidations = true;
    JsonNode report = function.report(SCHEDULED);
    world.denyInvalidations = false;
    assertThat(report.path("status").textValue()).isEqualTo("done");
    assertThat(report.path("invalidation").textValue()).isEqualTo("failed");
    assertThat(warnings(report))
        .anyMatch(text -> text.contains("CloudFront answered 403 AccessDenied"));
    assertThat(metric(report, "InvalidationFailed")).isEqualTo(1);
    assertThat(documents()).isNotEqualTo(documentsBefore);
  }

  @Test
  @Order(9)
  void aRefusedKeyIsReadAgainFromTheSecretAndTheRunIsMadeOnceMore() {
    world.market.extend(900, 4);
    world.node.validKey = FunctionWorld.SECOND_KEY;
    world.secret = world.node.url(FunctionWorld.SECOND_KEY);
    JsonNode report = function.report(SCHEDULED);
    assertThat(report.path("status").textValue()).isEqualTo("done");
    assertThat(report.path("lagBlocks").longValue()).isEqualTo(20);
    assertThat(report.at("/rpc/errors/refused").longValue()).isPositive();
    assertThat(warnings(report)).anyMatch(text -> text.contains("refused its key"));
    assertThat(world.secretReads.get()).isEqualTo(2);
  }

  @Test
  @Order(10)
  void aKeyThatIsRefusedForGoodFailsTheInvocationAndIsTriedAgainByTheNext() {
    world.node.validKey = "another";
    assertThat(function.failure(SCHEDULED))
        .startsWith("ChainUnavailableException (exit code 3 of the command line): ")
        .contains("127.0.0.1")
        .contains("403");
    assertThat(documents()).isEqualTo(documentsBefore);
    world.node.validKey = FunctionWorld.SECOND_KEY;
    assertThat(function.report("{\"force_rollup\":true}").path("status").textValue())
        .isEqualTo("done");
  }

  @Test
  @Order(11)
  void anEndpointThatIsDownFailsTheInvocationWithinItsTime() {
    world.node.down = true;
    FakeRuntimeApi.Ended ended = function.run(SCHEDULED, Duration.ofSeconds(64));
    world.node.down = false;
    assertThat(ended.ok()).isFalse();
    assertThat(ended.body()).contains("ChainUnavailableException (exit code 3");
    assertThat(documents()).isEqualTo(documentsBefore);
    assertThat(function.metrics(ended.id()).get(0).path("RunSucceeded").intValue()).isZero();
    assertThat(function.metrics(ended.id()).get(0).path("RpcErrors").longValue()).isPositive();
  }

  @Test
  @Order(12)
  void aStoreThatRefusesFailsTheInvocationAndTheDocumentsStay() {
    world.market.extend(900, 4);
    world.s3.inject(S3Fault.answer(S3Operation.PUT, 403, "AccessDenied").times(100));
    String message = function.failure(SCHEDULED);
    world.s3.heal();
    assertThat(message)
        .startsWith("StoreRefusedException (exit code 4 of the command line): ")
        .contains("s3://site/api/throughput/")
        .contains("allow s3:GetObject and s3:PutObject");
    assertThat(documents()).isEqualTo(documentsBefore);
    assertThat(function.report(SCHEDULED).path("lagBlocks").longValue()).isEqualTo(20);
  }

  /** What the first object whose key begins so says. */
  private static String version(String beginning, String field) {
    byte[] body =
        world.s3.objects().entrySet().stream()
            .filter(object -> object.getKey().startsWith(beginning))
            .findFirst()
            .orElseThrow()
            .getValue();
    return FunctionProcess.json(new String(body, StandardCharsets.UTF_8)).path(field).textValue();
  }

  private static String ofThePom() {
    try {
      Matcher version =
          Pattern.compile("<version>(.*)</version>").matcher(Files.readString(Path.of("pom.xml")));
      assertThat(version.find()).isTrue();
      return version.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long metric(JsonNode report, String name) {
    return function.metrics(report.path("runId").textValue()).get(0).path(name).longValue();
  }

  private static List<String> warnings(JsonNode report) {
    return StreamSupport.stream(report.path("warnings").spliterator(), false)
        .map(JsonNode::textValue)
        .toList();
  }

  private static long cursor() {
    byte[] body = world.s3.objects().get("api/throughput/state/cursor.json");
    return FunctionProcess.json(new String(body, StandardCharsets.UTF_8))
        .path("last_block")
        .longValue();
  }

  /** What readers see. */
  private static Map<String, String> documents() {
    Map<String, String> documents = new TreeMap<>();
    world
        .s3
        .objects()
        .forEach(
            (key, body) -> {
              // Status and badge speak of the runs, so each run writes them.
              boolean isOfTheRuns = key.matches(".*/(status|badge)\\.json");
              if (key.endsWith(".json") && !key.contains("/state/") && !isOfTheRuns) {
                documents.put(key, new String(body, StandardCharsets.UTF_8));
              }
            });
    return documents;
  }
}
