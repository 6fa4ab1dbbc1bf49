package org.mor.throughput.serve;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.SizeScale;

/**
 * Which sessions are asked about, and how they are split; an empty filter takes everything.
 *
 * @param inputs places of input classes, -1 for sessions without token totals; so are outputs
 * @param from the first UTC day, included; so is the last, to
 */
record Question(
    Set<Hash32> models,
    Set<Address> providers,
    Set<Integer> inputs,
    Set<Integer> outputs,
    LocalDate from,
    LocalDate to,
    List<Gate> percentiles,
    List<Dimension> groupBy) {
  static final int MOST_DAYS = 30;
  static final Set<String> PARAMETERS =
      Set.of(
          "provider", "model", "inputClass", "outputClass", "from", "to", "percentiles", "groupBy");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final String UNKNOWN = "unknown";

  /**
   * Reads the parameters; days that are not said end with {@code today}.
   *
   * @param today the last indexed UTC day; a question about later days is refused
   * @throws BadQuestionException when they make no question
   */
  static Question of(Parameters parameters, LocalDate today) {
    parameters.refuseOthers(PARAMETERS);
    LocalDate to = parameters.one("to").map(text -> day("to", text)).orElse(today);
    LocalDate from =
        parameters.one("from").map(text -> day("from", text)).orElse(to.minusDays(MOST_DAYS - 1));
    if (to.isAfter(today)) {
      throw new BadQuestionException(
          "to is after %s, the last indexed day: later days are not known yet".formatted(today));
    }
    if (to.isBefore(from)) {
      throw new BadQuestionException("from is after to");
    }
    if (from.plusDays(MOST_DAYS).compareTo(to) <= 0) {
      throw new BadQuestionException(
          "from and to span more than %d days: ask about at most %d days at a time"
              .formatted(MOST_DAYS, MOST_DAYS));
    }
    return new Question(
        each(parameters, "model", "a model id: 0x and 64 hex digits", Hash32::fromHex),
        each(parameters, "provider", "an address: 0x and 40 hex digits", Address::fromHex),
        sizes(parameters, "inputClass", SizeScale.INPUT),
        sizes(parameters, "outputClass", SizeScale.OUTPUT),
        from,
        to,
        percentiles(parameters),
        groupBy(parameters));
  }

  private static LocalDate day(String name, String text) {
    try {
      if (DAY.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // Said below, as of any other text.
    }
    throw new BadQuestionException(name + " is not a UTC day such as 2026-05-31");
  }

  private static <T> Set<T> each(
      Parameters parameters, String name, String accepted, Function<String, T> reader) {
    Set<T> values = new HashSet<>();
    for (String text : parameters.list(name)) {
      try {
        values.add(reader.apply(text.toLowerCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new BadQuestionException("%s is not %s".formatted(name, accepted));
      }
    }
    return values;
  }

  private static Set<Integer> sizes(Parameters parameters, String name, SizeScale scale) {
    Set<Integer> places = new HashSet<>();
    for (String text : parameters.list(name)) {
      int place = scale.place(text);
      if (place < 0 && !text.equals(UNKNOWN)) {
        throw new BadQuestionException(
            "%s is none of %s, %s".formatted(name, String.join(", ", scale.names()), UNKNOWN));
      }
      places.add(place);
    }
    return places;
  }

  private static List<Gate> percentiles(Parameters parameters) {
    List<Gate> all = new ArrayList<>();
    for (String text : parameters.list("percentiles")) {
      all.add(
          Arrays.stream(Gate.values())
              .filter(gate -> text.equals("p" + gate.percent()))
              .findFirst()
              .orElseThrow(() -> new BadQuestionException("percentiles is none of p50, p95, p99")));
    }
    return all.isEmpty() ? List.of(Gate.values()) : all.stream().distinct().toList();
  }

  private static List<Dimension> groupBy(Parameters parameters) {
    return parameters.list("groupBy").stream()
        .map(
            text ->
                Dimension.named(text)
                    .orElseThrow(
                        () ->
                            new BadQuestionException(
                                "groupBy is none of " + String.join(", ", Dimension.names()))))
        .distinct()
        .toList();
  }

  /** The published name of a size class. */
  static String name(SizeScale scale, int place) {
    return place < 0 ? UNKNOWN : scale.names().get(place);
  }
}
