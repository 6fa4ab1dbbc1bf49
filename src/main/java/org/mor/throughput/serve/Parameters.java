package org.mor.throughput.serve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The decoded parameters of a question; each may stand once. */
record Parameters(Map<String, List<String>> values) {
  private static final int LONGEST = 8000;
  static final int MOST_ELEMENTS = 100;

  /** A name that may be repeated in an answer: it can hold no markup. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  Parameters {
    values = new TreeMap<>(values);
  }

  /** Refuses parameters of another name, so that a misspelt filter is not taken for none. */
  void refuseOthers(Set<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        String shown = NAME.matcher(name).matches() ? " " + name : "";
        throw new BadQuestionException(
            "unknown parameter%s; accepted: %s"
                .formatted(shown, String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /** The value as sent, if there is one; readers refuse an empty one. */
  Optional<String> one(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      throw new BadQuestionException(
          "%s stands more than once; several values go into one, with commas".formatted(name));
    }
    if (!all.isEmpty() && all.get(0).length() > LONGEST) {
      throw new BadQuestionException(name + " is too long");
    }
    return all.stream().findFirst();
  }

  /** The elements of a value with commas. */
  List<String> list(String name) {
    List<String> elements = one(name).map(value -> List.of(value.split(",", -1))).orElse(List.of());
    if (elements.size() > MOST_ELEMENTS) {
      throw new BadQuestionException("%s has more than %d values".formatted(name, MOST_ELEMENTS));
    }
    return elements;
  }
}
