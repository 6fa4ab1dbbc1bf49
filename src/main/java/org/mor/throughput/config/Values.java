package org.mor.throughput.config;

import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mor.throughput.chain.Address;

/**
 * The variables' text and the problems found in it. A reader of a value that is not accepted adds a
 * problem and goes on with the default, so that one attempt shows them all.
 */
final class Values {
  static final String ADDRESS_FORM = "0x and 40 hex digits";

  /** More letters than this make another word of a misspelt one. */
  private static final int FARTHEST = 4;

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();

  Values(Map<String, String> values) {
    this.values = Map.copyOf(values);
    values.keySet().stream()
        .sorted()
        .filter(name -> Variable.named(name).isEmpty())
        .forEach(name -> problems.add(unknown(name)));
  }

  List<String> problems() {
    return problems;
  }

  /** {@code complaint} says what is wrong with the value. */
  void problem(Variable variable, String complaint, String accepted) {
    problems.add(
        "%s=%s %s; accepted: %s".formatted(variable, shown(variable), complaint, accepted));
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  Optional<String> text(Variable variable) {
    return Optional.ofNullable(values.get(variable.name()))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private String textOrDefault(Variable variable) {
    return text(variable).orElse(variable.byDefault());
  }

  <T> Optional<T> optional(
      Variable variable, Function<String, Optional<? extends T>> parser, String accepted) {
    Optional<String> text = text(variable).or(() -> Optional.of(variable.byDefault()));
    if (text.get().isEmpty()) {
      return Optional.empty();
    }
    Optional<? extends T> value = parser.apply(text.get());
    if (value.isEmpty()) {
      problem(variable, "is not accepted", accepted);
    }
    return value.map(Function.identity());
  }

  long number(Variable variable, long least, long most) {
    String accepted =
        most == Long.MAX_VALUE
            ? "a whole number from %d on".formatted(least)
            : "a whole number from %d to %d".formatted(least, most);
    return this.<Long>optional(variable, text -> wholeNumber(text, least, most), accepted)
        .orElse(least);
  }

  boolean flag(Variable variable) {
    return this.<Boolean>optional(
            variable,
            text ->
                text.equals("true") || text.equals("false")
                    ? Optional.of(text.equals("true"))
                    : Optional.empty(),
            "true or false")
        .orElse(false);
  }

  LocalDate date(Variable variable) {
    return this.<LocalDate>optional(variable, Values::day, "a day such as 2026-02-01")
        .orElseGet(() -> LocalDate.parse(variable.byDefault()));
  }

  String matching(Variable variable, String pattern, String accepted) {
    return this.<String>optional(
            variable, text -> Optional.of(text).filter(t -> t.matches(pattern)), accepted)
        .orElse(variable.byDefault());
  }

  <E extends Enum<E>> E choice(Variable variable, Class<E> type) {
    E[] choices = type.getEnumConstants();
    String accepted =
        Arrays.stream(choices)
            .map(choice -> choice.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return this.<E>optional(
            variable,
            text -> Arrays.stream(choices).filter(c -> c.name().equalsIgnoreCase(text)).findFirst(),
            accepted)
        .orElse(choices[0]);
  }

  List<Address> addresses(Variable variable) {
    List<Address> addresses = new ArrayList<>();
    for (String entry : textOrDefault(variable).split(",", -1)) {
      String text = entry.strip();
      Optional<Address> address = address(text);
      address.ifPresent(addresses::add);
      if (address.isEmpty() && text(variable).isPresent()) {
        problems.add(
            "%s: entry '%s' is not accepted; accepted: %s, several comma-separated"
                .formatted(variable, text, ADDRESS_FORM));
      }
    }
    return addresses;
  }

  static Optional<Address> address(String text) {
    try {
      return Optional.of(Address.fromHex(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Optional<URI> plainUrl(String text) {
    try {
      URI uri = URI.create(text);
      return Optional.of(uri)
          .filter(u -> "http".equals(u.getScheme()) || "https".equals(u.getScheme()))
          .filter(u -> u.getHost() != null && u.getUserInfo() == null);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As Standard Webhooks writes secrets. */
  static Optional<byte[]> webhookSecret(String text) {
    try {
      return Optional.of(text)
          .filter(secret -> secret.startsWith("whsec_"))
          .map(secret -> Base64.getDecoder().decode(secret.substring(6)))
          .filter(key -> key.length >= 24 && key.length <= 64);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> wholeNumber(String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      return least <= number && number <= most ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private String shown(Variable variable) {
    // What stands before an @ may be a user and a password.
    return variable.isSecret()
        ? "(hidden)"
        : textOrDefault(variable).replaceFirst("(?s)^(\\w+://)?.*@", "$1***@");
  }

  /** Suggests what a misspelt variable was meant to be. */
  private static String unknown(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(Variable.values())
        .min(Comparator.comparingInt(v -> distance(upper, v.name())))
        .filter(v -> distance(upper, v.name()) <= FARTHEST)
        .map(v -> "%s is not a variable of this program; did you mean %s?".formatted(name, v))
        .orElse(
            "%s is not a variable of this program; config.env.example lists them all"
                .formatted(name));
  }

  /** How many letters must be added, dropped or changed (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
