package org.mor.throughput.terraform;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.metrics.Metric;

/** Alarms and dashboard watch what is really measured, and lead to the runbook. */
class TerraformAlarmsTest {
  private static final Pattern NAME = Pattern.compile("\\b([A-Z][a-z]+){2,}\\b");
  private static final Pattern COST =
      Pattern.compile("(?m)^\\| [^*].* \\| (\\d\\.\\d\\d) \\| (\\d\\.\\d\\d) \\|$");
  private static final Pattern PRODUCT =
      Pattern.compile("(?<![.,\\d])([\\d,]+) x ([\\d,]+) = ([\\d,]*\\d)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  private final Terraform terraform = Terraform.read();
  private final JsonNode alarms = alarms("full");
  private final JsonNode topics =
      Terraform.json("[\"arn:aws:sns:us-east-2:123456789012:on-call\"]");

  @Test
  void everyAlarmSaysWhatIsWrongAndLeadsToItsSection() throws IOException {
    assertThat(alarms.size()).isBetween(1, 6);
    assertThat(AlarmCheck.problems(alarms, anchors(), topics)).isEmpty();
  }

  @Test
  void everyAlarmOfTheRunbookExists() throws IOException {
    Set<String> sections =
        anchors().stream().filter(anchor -> anchor.startsWith("alarm-")).collect(toSet());
    Set<String> made =
        names(alarms).map(name -> name.replace("indexer.", "alarm-")).collect(toSet());
    assertThat(sections).isEqualTo(made);
  }

  @Test
  void anAlarmThatLacksSomethingIsSeen() throws IOException {
    assertThat(changed(alarm -> alarm.remove("treat_missing_data")))
        .containsExactly("indexer.errors: does not say what missing data means");
    assertThat(changed(alarm -> alarm.put("alarm_description", "It failed.")))
        .containsExactly("indexer.errors: its description does not end with a runbook's anchor");
    assertThat(
            changed(
                alarm ->
                    alarm.put("alarm_description", "Oh. Runbook: docs/operations.md#alarm-oh")))
        .containsExactly("indexer.errors: the runbook has no section alarm-oh");
    assertThat(changed(alarm -> alarm.putArray("ok_actions")))
        .containsExactly("indexer.errors: ok_actions is not alarm_topic_arns");
  }

  /** Each published metric costs 0.30 USD a month, so what no alarm reads is in the log only. */
  @Test
  void theProgramPublishesWhatAnAlarmReadsAndNothingElse() {
    assertThat(metrics(Metric::isPublished))
        .containsExactlyInAnyOrderElementsOf(watched())
        .hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void theDashboardIsMadeWhenAskedForAndShowsWhatIsPublished() {
    assertThat(terraform.resources("defaults").path("aws_cloudwatch_dashboard").isEmpty()).isTrue();
    assertThat(charted()).containsExactlyInAnyOrderElementsOf(metrics(Metric::isPublished));
  }

  /** What is no metric is found by a saved query, by the name it has in the log. */
  @Test
  void savedQueriesAskForFiguresByTheirNames() {
    Set<String> asked = asked();
    assertThat(metrics(metric -> true)).containsAll(asked);
    assertThat(asked).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void everyFigureOfARunIsInASavedQuery() {
    Set<String> ofRuns = metrics(metric -> metric != Metric.CURSOR_ON_CHAIN);
    assertThat(asked()).as("status alone asks for the cursor's block").containsAll(ofRuns);
  }

  private Set<String> asked() {
    return Terraform.each(terraform.resources("defaults").path("aws_cloudwatch_query_definition"))
        .flatMap(query -> NAME.matcher(query.path("query_string").asText()).results())
        .map(MatchResult::group)
        .collect(toSet());
  }

  @Test
  void everyAlarmWatchesItsOwnFunction() {
    assertThat(dimensions("full"))
        .containsOnly(Map.entry(Metric.FUNCTION_DIMENSION, "prd-morpheus-throughput-indexer"));
    assertThat(dimensions("one-statement"))
        .containsOnly(Map.entry(Metric.FUNCTION_DIMENSION, "stg-indexer"));
  }

  @Test
  void silenceOfAllRunsIsAnAlarmUnlessThePauseIsMeant() {
    JsonNode alarm = alarms.path("indexer.no-success");
    assertThat(alarm.path("treat_missing_data").asText()).isEqualTo("breaching");
    assertThat(alarm.path("metric_name").asText()).isEqualTo(Metric.RUN_SUCCEEDED.cloudWatchName());
    assertThat(alarm.path("period").asInt() * alarm.path("datapoints_to_alarm").asInt())
        .isEqualTo(45 * 60);
    // An alarm that is on while nobody is told stays silent when the schedule is enabled.
    JsonNode paused = alarms("paused").path("indexer.no-success");
    assertThat(paused.path("treat_missing_data").asText()).isEqualTo("notBreaching");
    assertThat(alarms("paused")).noneMatch(each -> each.has("actions_enabled"));
  }

  @Test
  void runsThatDriftWithinTheirPeriodAreStillInARow() {
    for (String name : List.of("errors", "duration", "cursor-lag", "proof")) {
      JsonNode alarm = alarms.path("indexer." + name);
      assertThat(alarm.path("datapoints_to_alarm").asInt()).as(name).isEqualTo(2);
      assertThat(alarm.path("evaluation_periods").asInt()).as(name).isEqualTo(3);
    }
  }

  @Test
  void aRunNearItsTimeoutIsAnAlarmBeforeItIsCutOff() {
    JsonNode function = terraform.resources("full").at("/aws_lambda_function/indexer");
    assertThat(alarms.path("indexer.duration").path("threshold").asInt())
        .isEqualTo(function.path("timeout").asInt() * 800);
  }

  @Test
  void periodsAreOnesThatCloudWatchTakes() {
    Terraform.each(alarms)
        .forEach(
            alarm -> {
              int period = alarm.path("period").asInt();
              assertThat(period % 60).isZero();
              assertThat(period * alarm.path("evaluation_periods").asInt())
                  .isLessThanOrEqualTo(86_400);
            });
  }

  @Test
  void whatItCostsAddsUp() throws IOException {
    String runbook = Files.readString(Path.of("docs/operations.md"));
    BigDecimal list = BigDecimal.ZERO;
    BigDecimal afterFreeTier = BigDecimal.ZERO;
    for (MatchResult row : COST.matcher(runbook).results().toList()) {
      list = list.add(new BigDecimal(row.group(1)));
      afterFreeTier = afterFreeTier.add(new BigDecimal(row.group(2)));
    }
    assertThat(runbook)
        .contains("| | **%s** | **%s** |".formatted(list, afterFreeTier))
        .contains("| metrics | %d x 0.30 |".formatted(metrics(Metric::isPublished).size()))
        .contains("| alarms | %d x 0.10 |".formatted(alarms.size()));
    assertThat(list).isPositive().isLessThanOrEqualTo(new BigDecimal("4.00"));
    // 1.00 until every run left a record and a status: two puts and two listings more.
    assertThat(afterFreeTier).isPositive().isLessThanOrEqualTo(new BigDecimal("1.06"));
    List<MatchResult> products = PRODUCT.matcher(runbook).results().toList();
    assertThat(products).hasSizeGreaterThanOrEqualTo(3);
    for (MatchResult product : products) {
      assertThat(number(product.group(1)) * number(product.group(2)))
          .as(product.group())
          .isEqualTo(number(product.group(3)));
    }
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  private List<String> changed(Consumer<ObjectNode> change) throws IOException {
    ObjectNode worse = alarms.deepCopy();
    change.accept((ObjectNode) worse.path("indexer.errors"));
    return AlarmCheck.problems(worse, anchors(), topics);
  }

  private JsonNode alarms(String scenario) {
    return terraform.resources(scenario).path("aws_cloudwatch_metric_alarm");
  }

  private static Set<String> metrics(Predicate<Metric> which) {
    return Arrays.stream(Metric.values())
        .filter(which)
        .map(Metric::cloudWatchName)
        .collect(toSet());
  }

  private Set<String> watched() {
    return Terraform.each(alarms)
        .filter(alarm -> alarm.path("namespace").asText().equals(Metric.NAMESPACE))
        .map(alarm -> alarm.path("metric_name").asText())
        .collect(toSet());
  }

  /** Every dimension of every alarm and, where there is one, of every chart. */
  private List<Map.Entry<String, String>> dimensions(String scenario) {
    Stream<Map.Entry<String, String>> ofAlarms =
        Terraform.each(alarms(scenario))
            .flatMap(alarm -> alarm.path("dimensions").properties().stream())
            .map(each -> Map.entry(each.getKey(), each.getValue().asText()));
    Stream<Map.Entry<String, String>> ofCharts =
        charts(scenario).map(chart -> Map.entry(chart.get(2).asText(), chart.get(3).asText()));
    return Stream.concat(ofAlarms, ofCharts).toList();
  }

  private List<String> charted() {
    return charts("full")
        .filter(metric -> metric.get(0).asText().equals(Metric.NAMESPACE))
        .map(metric -> metric.get(1).asText())
        .toList();
  }

  private Stream<JsonNode> charts(String scenario) {
    return Terraform.each(terraform.resources(scenario).path("aws_cloudwatch_dashboard"))
        .map(dashboard -> Terraform.json(dashboard.path("dashboard_body").asText()))
        .flatMap(body -> Terraform.each(body.path("widgets")))
        .flatMap(widget -> Terraform.each(widget.path("properties").path("metrics")));
  }

  private static Stream<String> names(JsonNode alarms) {
    return alarms.properties().stream().map(each -> each.getKey());
  }

  /** As the place where the file is read makes them: lower case, no punctuation, dashes. */
  private static Set<String> anchors() throws IOException {
    return HEADING
        .matcher(Files.readString(Path.of("docs/operations.md")))
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 -]", "")
                    .replace(' ', '-'))
        .collect(toSet());
  }
}
