package org.mor.throughput.base;

/**
 * Makes text from the chain safe to show on a terminal or in a log line: names and tags are written
 * by strangers and can hold escape sequences, line breaks or right-to-left overrides.
 */
public final class TerminalText {
  /** Marks on one letter; more would cover the lines above and below. */
  private static final int MOST_MARKS = 2;

  private TerminalText() {}

  /** The text on one line: line breaks and tabs become spaces, other control marks disappear. */
  public static String clean(String text) {
    return keep(text, false);
  }

  /** The same, but line breaks and tabs stay. */
  public static String cleanLines(String text) {
    return keep(text, true);
  }

  /** How many columns a terminal gives a character: none to a mark, two to a wide one. */
  public static int columns(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(codePoint)
            || (codePoint >= 0x1100 && codePoint <= 0x115F)
            || (codePoint >= 0x3000 && codePoint <= 0x30FF)
            || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
            || (codePoint >= 0xFF01 && codePoint <= 0xFF60)
            || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF);
    return wide ? 2 : 1;
  }

  private static String keep(String text, boolean lines) {
    StringBuilder out = new StringBuilder(text.length());
    int marks = 0;
    for (int c : text.codePoints().toArray()) {
      marks = columns(c) == 0 ? marks + 1 : 0;
      if (c == '\n' || c == '\t') {
        out.append(lines ? (char) c : ' ');
      } else if (!isHidden(c) && marks <= MOST_MARKS) {
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }

  /**
   * Whether a character shows nothing of its own, or changes how others show: control characters,
   * overrides of the direction, zero-width marks, fillers, selectors that style an emoji.
   */
  public static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default ->
          codePoint == 0x115F
              || codePoint == 0x1160
              || codePoint == 0x3164
              || codePoint == 0xFFA0
              || codePoint == 0x034F
              || codePoint == 0x2800
              || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
              || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
    };
  }
}
