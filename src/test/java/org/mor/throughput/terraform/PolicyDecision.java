package org.mor.throughput.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides requests by policy statements as IAM does: an explicit refusal wins, silence refuses. */
final class PolicyDecision {
  /** What the statements say of a request. */
  enum Answer {
    ALLOWED,
    DENIED,
    SILENT
  }

  /**
   * A request.
   *
   * @param principal a service, an ARN, or "*" for nobody in particular
   * @param context condition keys and their values; an absent key is absent
   */
  record Request(String principal, String action, String resource, Map<String, String> context) {}

  private final List<JsonNode> statements;

  PolicyDecision(JsonNode statements) {
    this.statements = Terraform.each(statements).toList();
  }

  Answer on(Request request) {
    List<String> effects =
        statements.stream()
            .filter(statement -> matches(statement, request))
            .map(statement -> statement.path("Effect").asText())
            .toList();
    if (effects.contains("Deny")) {
      return Answer.DENIED;
    }
    return effects.contains("Allow") ? Answer.ALLOWED : Answer.SILENT;
  }

  private static boolean matches(JsonNode statement, Request request) {
    return principal(statement.path("Principal"), request.principal())
        && anyLike(statement.path("Action"), request.action(), Pattern.CASE_INSENSITIVE)
        && anyLike(statement.path("Resource"), request.resource(), 0)
        && statement.path("Condition").properties().stream()
            .allMatch(operator -> condition(operator, request.context()));
  }

  private static boolean principal(JsonNode principal, String asked) {
    if (principal.isMissingNode() || principal.asText().equals("*")) {
      return true;
    }
    return principal.properties().stream()
        .anyMatch(
            kind ->
                texts(kind.getValue()).anyMatch(each -> each.equals("*") || each.equals(asked)));
  }

  private static boolean condition(
      Map.Entry<String, JsonNode> operator, Map<String, String> context) {
    return operator.getValue().properties().stream()
        .allMatch(key -> holds(operator.getKey(), context.get(key.getKey()), key.getValue()));
  }

  /** Negated operators hold for a key that is absent; the others do not. */
  private static boolean holds(String operator, @Nullable String value, JsonNode wanted) {
    return switch (operator) {
      case "Null" -> wanted.asText().equals(String.valueOf(value == null));
      case "Bool", "StringEquals" -> value != null && texts(wanted).anyMatch(value::equals);
      case "StringNotEquals" -> value == null || texts(wanted).noneMatch(value::equals);
      case "StringLike" -> value != null && anyLike(wanted, value, 0);
      default -> throw new IllegalArgumentException("no rule here for the operator " + operator);
    };
  }

  private static boolean anyLike(JsonNode patterns, String value, int flags) {
    return texts(patterns).anyMatch(each -> like(each, flags).matcher(value).matches());
  }

  private static Pattern like(String pattern, int flags) {
    String source =
        pattern
            .chars()
            .mapToObj(
                c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
            .collect(Collectors.joining());
    return Pattern.compile(source, flags);
  }

  private static Stream<String> texts(JsonNode value) {
    return value.isArray()
        ? Terraform.each(value).map(JsonNode::asText)
        : Stream.of(value.asText());
  }
}
