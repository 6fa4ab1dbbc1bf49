package org.mor.throughput.terraform;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.metrics.Metric;

/** Alarms and dashboard watch what is really measured, and lead to the runbook. */
class TerraformAlarmsTest {
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  private final Terraform terraform = Terraform.read();
  private final JsonNode alarms = alarms("full");
  private final JsonNode topics =
      Terraform.json("[\"arn:aws:sns:us-east-2:123456789012:on-call\"]");

  @Test
  void everyAlarmSaysWhatIsWrongAndLeadsToItsSection() throws IOException {
    assertThat(alarms.size()).isGreaterThanOrEqualTo(11);
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

  @Test
  void everyMetricOfOursIsOneTheProgramEmits() {
    List<String> watched =
        Terraform.each(alarms)
            .filter(alarm -> alarm.path("namespace").asText().equals(Metric.NAMESPACE))
            .map(alarm -> alarm.path("metric_name").asText())
            .toList();
    assertThat(watched).hasSizeGreaterThanOrEqualTo(5);
    assertThat(emitted()).containsAll(watched).containsAll(charted());
    assertThat(charted()).hasSizeGreaterThan(15);
    assertThat(emitted()).doesNotContain("RunSucceded");
  }

  @Test
  void metricsOfOursAreAskedForByTheirDimension() {
    Terraform.each(alarms)
        .filter(alarm -> alarm.path("namespace").asText().equals(Metric.NAMESPACE))
        .forEach(
            alarm ->
                assertThat(alarm.path("dimensions"))
                    .isEqualTo(
                        Terraform.json("{\"%s\":\"base\"}".formatted(Metric.NETWORK_DIMENSION))));
  }

  @Test
  void silenceOfAllRunsIsAnAlarmUnlessThePauseIsMeant() {
    JsonNode alarm = alarms.path("indexer.no-success");
    assertThat(alarm.path("treat_missing_data").asText()).isEqualTo("breaching");
    assertThat(alarm.path("metric_name").asText()).isEqualTo(Metric.RUN_SUCCEEDED.cloudWatchName());
    assertThat(alarm.path("period").asInt() * alarm.path("evaluation_periods").asInt())
        .isEqualTo(45 * 60);
    assertThat(alarm.path("actions_enabled").asBoolean()).isTrue();
    JsonNode paused = alarms("paused");
    assertThat(paused.path("indexer.no-success").path("actions_enabled").asBoolean()).isFalse();
    assertThat(paused.path("indexer.errors").path("actions_enabled").asBoolean()).isTrue();
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

  private List<String> changed(Consumer<ObjectNode> change) throws IOException {
    ObjectNode worse = alarms.deepCopy();
    change.accept((ObjectNode) worse.path("indexer.errors"));
    return AlarmCheck.problems(worse, anchors(), topics);
  }

  private JsonNode alarms(String scenario) {
    return terraform.resources(scenario).path("aws_cloudwatch_metric_alarm");
  }

  private static Set<String> emitted() {
    return Arrays.stream(Metric.values()).map(Metric::cloudWatchName).collect(toSet());
  }

  private List<String> charted() {
    JsonNode dashboard = terraform.resources("full").at("/aws_cloudwatch_dashboard/indexer");
    JsonNode widgets = Terraform.json(dashboard.path("dashboard_body").asText()).path("widgets");
    return Terraform.each(widgets)
        .flatMap(widget -> Terraform.each(widget.path("properties").path("metrics")))
        .filter(metric -> metric.get(0).asText().equals(Metric.NAMESPACE))
        .map(metric -> metric.get(1).asText())
        .toList();
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
