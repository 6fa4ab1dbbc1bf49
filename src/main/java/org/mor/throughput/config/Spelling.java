package org.mor.throughput.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** Suggests what a misspelt variable was meant to be. */
final class Spelling {
  private static final int FARTHEST = 4;

  private Spelling() {}

  static String unknown(String name) {
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
  static int distance(String from, String to) {
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
