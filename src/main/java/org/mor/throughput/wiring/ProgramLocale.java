package org.mor.throughput.wiring;

import java.util.Locale;

/**
 * The one place that decides the locale: {@link Locale#ROOT}. Formats such as {@code %d} and {@code
 * %,d}, here and in libraries, write the digits and separators of the JVM's default locale, which
 * an Arabic, Persian or Hindi machine sets to its own. Every entry point calls it first. What other
 * programs read (state, documents, metrics, charts) does not rest on it and names no locale-bound
 * format at all.
 */
public final class ProgramLocale {
  private ProgramLocale() {}

  /** Makes this process write ASCII digits, a decimal point and commas, in any environment. */
  public static void set() {
    Locale.setDefault(Locale.ROOT);
  }
}
