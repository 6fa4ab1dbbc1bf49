package org.mor.throughput.testing;

import java.util.List;
import java.util.Locale;

/** Machines set to languages whose formats write digits or separators of their own. */
public final class Languages {
  public static final List<Locale> ALL =
      List.of(
          Locale.forLanguageTag("ar-EG"),
          Locale.forLanguageTag("fa-IR"),
          Locale.forLanguageTag("hi-IN-u-nu-deva"),
          Locale.forLanguageTag("de-DE"),
          Locale.forLanguageTag("tr-TR"));

  private Languages() {}

  /** What is done in a language. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /** Does some work as on a machine set to {@code language}. */
  public static void in(Locale language, Work work) throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(language);
    try {
      work.run();
    } finally {
      Locale.setDefault(before);
    }
  }
}
