package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to hear.
 *
 * @param minStage each event is delivered once, when its block gets there
 * @param providers 0x hex; empty for all
 * @param models 0x hex; empty for all
 */
record Subscription(
    Channel channel,
    Set<EventName> events,
    Stage minStage,
    Set<String> providers,
    Set<String> models) {
  /** The fields that are lists; their texts stand between commas in a query. */
  static final Set<String> LISTS = Set.of("events", "models", "providers");

  /** All fields. */
  static final Set<String> FIELDS = Set.of("events", "min_stage", "models", "providers");

  private static final int MOST_VALUES = 100;
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");
  private static final Pattern HASH = Pattern.compile("0x[0-9a-f]{64}");

  /** A subscription that is not understood; the message says what is accepted. */
  static final class BadSubscriptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadSubscriptionException(String message) {
      super(message);
    }
  }

  Subscription {
    events = Set.copyOf(events);
    providers = Set.copyOf(providers);
    models = Set.copyOf(models);
  }

  /**
   * Reads a choice among the events of a channel.
   *
   * @param accepted the fields that may be there
   * @throws BadSubscriptionException when something of it is not accepted
   */
  static Subscription read(Channel channel, JsonNode json, Set<String> accepted) {
    String fields = String.join(", ", new TreeSet<>(accepted));
    if (!json.isObject()) {
      throw new BadSubscriptionException("subscribe must be an object; accepted: " + fields);
    }
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!accepted.contains(name)) {
                throw new BadSubscriptionException(
                    "unknown field %s; accepted: %s".formatted(shown(name), fields));
              }
            });
    return new Subscription(
        channel,
        events(channel, json.path("events")),
        stage(json.path("min_stage")),
        matching("providers", json, ADDRESS, "0x and 40 hex digits"),
        matching("models", json, HASH, "0x and 64 hex digits"));
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static Set<EventName> events(Channel channel, JsonNode list) {
    if (isAbsent(list)) {
      return channel.events();
    }
    String accepted = names(channel.events());
    Set<EventName> events = new LinkedHashSet<>();
    for (String text : texts("events", list)) {
      events.add(
          EventName.named(text)
              .filter(channel.events()::contains)
              .orElseThrow(
                  () ->
                      new BadSubscriptionException(
                          "event %s is not on this channel; accepted: %s"
                              .formatted(shown(text), accepted))));
    }
    if (events.isEmpty()) {
      throw new BadSubscriptionException("events is empty; accepted: " + accepted);
    }
    return events;
  }

  private static String names(Set<EventName> events) {
    return events.stream().sorted().map(EventName::text).collect(Collectors.joining(", "));
  }

  private static Stage stage(JsonNode value) {
    if (isAbsent(value)) {
      return Stage.PROPOSED;
    }
    return Stage.labelled(value.asText(""))
        .filter(Stage.WAITED_FOR::contains)
        .orElseThrow(
            () ->
                new BadSubscriptionException(
                    "min_stage %s is not accepted; accepted: proposed, safe, finalized"
                        .formatted(shown(value.asText("")))));
  }

  private static Set<String> matching(
      String field, JsonNode json, Pattern pattern, String accepted) {
    JsonNode list = json.path(field);
    Set<String> values = new LinkedHashSet<>();
    for (String text : isAbsent(list) ? Set.<String>of() : texts(field, list)) {
      String hex = text.toLowerCase(Locale.ROOT);
      if (!pattern.matcher(hex).matches()) {
        throw new BadSubscriptionException(
            "%s: %s is not accepted; accepted: %s".formatted(field, shown(text), accepted));
      }
      values.add(hex);
    }
    return values;
  }

  private static Collection<String> texts(String field, JsonNode list) {
    if (!list.isArray() || list.size() > MOST_VALUES) {
      throw new BadSubscriptionException(
          "%s must be a list of at most %d texts".formatted(field, MOST_VALUES));
    }
    Set<String> texts = new LinkedHashSet<>();
    list.forEach(element -> texts.add(element.asText("")));
    return texts;
  }

  /** A stranger's word, short and harmless. */
  private static String shown(String text) {
    return text.matches("[A-Za-z0-9_-]{1,40}") ? "'" + text + "'" : "(not shown)";
  }

  /** Whether a message is wanted now. */
  boolean matches(Message message) {
    Message.Key key = message.key();
    return key == null || (isAbout(message) && hasReached(key));
  }

  /** Whether an event is wanted at some stage. */
  boolean isAbout(Message message) {
    Message.Key key = message.key();
    if (key == null) {
      return true;
    }
    boolean named =
        events.contains(key.of())
            || (events.contains(key.name()) && channel.events().contains(key.of()));
    return named
        && (!key.name().isOfBlock()
            || (isChosen(providers, key.provider()) && isChosen(models, key.model())));
  }

  private static boolean isChosen(Set<String> wanted, @Nullable String id) {
    return wanted.isEmpty() || (id != null && wanted.contains(id));
  }

  private boolean hasReached(Message.Key key) {
    if (key.name().isOfBlock() && key.stage() != Stage.REJECTED) {
      return key.stage() == minStage;
    }
    return key.reached() == null || key.reached().isAtLeast(minStage);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    events.stream().sorted().map(EventName::text).forEach(json.putArray("events")::add);
    json.put("min_stage", minStage.label());
    providers.stream().sorted().forEach(json.putArray("providers")::add);
    models.stream().sorted().forEach(json.putArray("models")::add);
    return json;
  }
}
