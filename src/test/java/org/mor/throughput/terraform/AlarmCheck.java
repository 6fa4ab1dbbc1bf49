package org.mor.throughput.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Alarms tell what is wrong, where to read on, what silence means, and tell somebody. */
final class AlarmCheck {
  private static final Pattern RUNBOOK =
      Pattern.compile("\\S.* Runbook: docs/operations\\.md#([a-z-]+)$");
  private static final Set<String> SILENCE =
      Set.of("missing", "ignore", "breaching", "notBreaching");

  private AlarmCheck() {}

  /**
   * What is wrong with alarms, each by its name.
   *
   * @param anchors the anchors of the runbook
   * @param topics who is to be told
   */
  static List<String> problems(JsonNode alarms, Set<String> anchors, JsonNode topics) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : alarms.properties()) {
      JsonNode alarm = each.getValue();
      Matcher runbook = RUNBOOK.matcher(alarm.path("alarm_description").asText());
      if (!runbook.matches()) {
        problems.add(each.getKey() + ": its description does not end with a runbook's anchor");
      } else if (!anchors.contains(runbook.group(1))) {
        problems.add(each.getKey() + ": the runbook has no section " + runbook.group(1));
      }
      if (!SILENCE.contains(alarm.path("treat_missing_data").asText())) {
        problems.add(each.getKey() + ": does not say what missing data means");
      }
      for (String told : List.of("alarm_actions", "ok_actions")) {
        if (!alarm.path(told).equals(topics)) {
          problems.add(each.getKey() + ": " + told + " is not alarm_topic_arns");
        }
      }
    }
    return problems;
  }
}
