package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to hear.
 *
 * @param minStage each event is delivered once, when its block gets there
 * @param transitions whether an event is delivered again at each later stage
 * @param providers 0x hex; empty for all
 * @param models 0x hex; empty for all
 * @param afterBlock events of sessions up to this block were delivered from the store
 * @param afterSeqno other messages up to this one are left out
 */
record Subscription(
    Set<EventName> events,
    Stage minStage,
    boolean transitions,
    Set<String> providers,
    Set<String> models,
    long afterBlock,
    long afterSeqno) {
  private static final Set<String> FIELDS =
      Set.of("events", "min_stage", "transitions", "providers", "models");
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

  /** All of a channel, as it happens. */
  static Subscription of(Channel channel) {
    return new Subscription(channel.events(), Stage.PROPOSED, false, Set.of(), Set.of(), -1, -1);
  }

  /** Everything from the seam on. */
  Subscription after(long block, long seqno) {
    return new Subscription(events, minStage, transitions, providers, models, block, seqno);
  }

  /**
   * Reads the object of a subscription message.
   *
   * @throws BadSubscriptionException when something of it is not accepted
   */
  static Subscription read(Channel channel, JsonNode json) {
    if (!json.isObject()) {
      throw new BadSubscriptionException("subscribe must be an object; accepted: " + fields());
    }
    json.fieldNames().forEachRemaining(Subscription::requireKnown);
    Subscription all = of(channel);
    return new Subscription(
        events(channel, json.get("events")),
        stage(json.get("min_stage")),
        flag(json.get("transitions")),
        matching("providers", json.get("providers"), ADDRESS, "0x and 40 hex digits"),
        matching("models", json.get("models"), HASH, "0x and 64 hex digits"),
        all.afterBlock,
        all.afterSeqno);
  }

  /** Reads a query's parameters, whose lists have commas; others than a subscription's are left. */
  static Subscription read(Channel channel, Map<String, String> query) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    query.forEach(
        (name, value) -> {
          if (name.equals("transitions")) {
            json.set(name, JsonNodeFactory.instance.booleanNode(value.equals("true")));
            if (!value.equals("true") && !value.equals("false")) {
              json.put(name, value);
            }
          } else if (name.equals("min_stage")) {
            json.put(name, value);
          } else if (FIELDS.contains(name)) {
            ArrayNode list = json.putArray(name);
            for (String element : value.split(",", -1)) {
              list.add(element.strip());
            }
          }
        });
    return read(channel, json);
  }

  static boolean isField(String name) {
    return FIELDS.contains(name);
  }

  private static String fields() {
    return String.join(", ", new TreeSet<>(FIELDS));
  }

  private static void requireKnown(String name) {
    if (!FIELDS.contains(name)) {
      throw new BadSubscriptionException(
          "unknown field %s; accepted: %s".formatted(shown(name), fields()));
    }
  }

  private static Set<EventName> events(Channel channel, @Nullable JsonNode list) {
    if (list == null || list.isNull()) {
      return channel.events();
    }
    String accepted =
        channel.events().stream().sorted().map(EventName::text).collect(Collectors.joining(", "));
    Set<EventName> events = EnumSet.noneOf(EventName.class);
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

  private static Stage stage(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
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

  private static boolean flag(@Nullable JsonNode value) {
    if (value != null && !value.isNull() && !value.isBoolean()) {
      throw new BadSubscriptionException("transitions is not accepted; accepted: true, false");
    }
    return value != null && value.asBoolean();
  }

  private static Set<String> matching(
      String field, @Nullable JsonNode list, Pattern pattern, String accepted) {
    Set<String> values = new LinkedHashSet<>();
    for (String text : list == null || list.isNull() ? Set.<String>of() : texts(field, list)) {
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

  boolean matches(Message message) {
    Message.Key key = message.key();
    if (key == null) {
      return true;
    }
    if (!key.name().isOfSession()) {
      return events.contains(key.name())
          && message.seqno() > afterSeqno
          && (key.reached() == null || key.reached().isAtLeast(minStage));
    }
    return isAbout(key) && key.block() > afterBlock && hasReached(key);
  }

  /** Whether a stored event is wanted; it is final, whatever stage is waited for. */
  boolean matchesPast(Message.Key key) {
    return isAbout(key);
  }

  private boolean isAbout(Message.Key key) {
    return (events.contains(key.name())
            || (key.name() == EventName.SESSION_RETRACTED && events.contains(key.of())))
        && (providers.isEmpty() || (key.provider() != null && providers.contains(key.provider())))
        && (models.isEmpty() || (key.model() != null && models.contains(key.model())));
  }

  private boolean hasReached(Message.Key key) {
    if (key.stage() == Stage.REJECTED || transitions) {
      return Objects.requireNonNull(key.reached()).isAtLeast(minStage);
    }
    return key.stage() == minStage;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode names = json.putArray("events");
    events.stream().sorted().forEach(event -> names.add(event.text()));
    json.put("min_stage", minStage.label());
    json.put("transitions", transitions);
    ArrayNode wanted = json.putArray("providers");
    providers.stream().sorted().forEach(wanted::add);
    ArrayNode chosen = json.putArray("models");
    models.stream().sorted().forEach(chosen::add);
    return json;
  }
}
