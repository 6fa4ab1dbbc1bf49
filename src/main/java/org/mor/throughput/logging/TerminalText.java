package org.mor.throughput.logging;

/**
 * Makes text from the chain safe to show on a terminal or in a log line: names and tags are written
 * by strangers and can hold escape sequences, line breaks or right-to-left overrides.
 */
public final class TerminalText {
  private TerminalText() {}

  /** The text on one line: line breaks and tabs become spaces, other control marks disappear. */
  public static String clean(String text) {
    return keep(text, false);
  }

  /** The same, but line breaks and tabs stay. */
  public static String cleanLines(String text) {
    return keep(text, true);
  }

  private static String keep(String text, boolean lines) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                out.append(lines ? (char) c : ' ');
              } else if (!isHidden(c)) {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT, // bidi overrides and isolates, zero-width marks
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
