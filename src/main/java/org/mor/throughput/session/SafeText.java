package org.mor.throughput.session;

import java.text.Normalizer;
import org.mor.throughput.base.TerminalText;

/** Makes text that anyone may have written to the contract safe to show. */
public final class SafeText {
  private static final int MAX_CODE_POINTS = 64;
  private static final int MAX_MARKS = 4;

  private SafeText() {}

  /**
   * The text in NFC without control, format (bidi, zero-width), unassigned and private characters
   * and lone surrogates, runs of spaces as one, at most 4 combining marks a letter and 64 code
   * points in all. It is not escaped: that is for whoever puts it into HTML. Cleaning twice changes
   * nothing.
   */
  public static String clean(String text) {
    // Normalizing is not linear in the marks of one letter: drop them, and what nobody needs,
    // first.
    String bounded = keep(text, 4 * MAX_CODE_POINTS);
    return keep(Normalizer.normalize(bounded, Normalizer.Form.NFC), MAX_CODE_POINTS);
  }

  private static String keep(String text, int limit) {
    StringBuilder kept = new StringBuilder();
    int count = 0;
    int marks = 0;
    boolean space = true;
    for (int i = 0; i < text.length() && count < limit; ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (Character.isSpaceChar(codePoint) || Character.isWhitespace(codePoint)) {
        if (!space) {
          kept.append(' ');
          count++;
        }
        space = true;
        marks = 0;
        continue;
      }
      boolean mark = isMark(codePoint);
      marks = mark ? marks + 1 : marks;
      if (TerminalText.isHidden(codePoint) || (mark && (marks > MAX_MARKS || kept.isEmpty()))) {
        continue;
      }
      marks = mark ? marks : 0;
      space = false;
      kept.appendCodePoint(codePoint);
      count++;
    }
    return kept.toString().strip();
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }
}
