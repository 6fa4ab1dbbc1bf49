package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The words of the whole page at three widths in two themes; pictures for people go to target/page.
 * After a change that is meant, run with {@code -Dgolden.write=true} and review the difference.
 */
@ExtendWith(Browser.class)
class SnapshotTest {
  private static final Path GOLDEN = Path.of("src/test/resources/page");
  private final Visits visits;

  SnapshotTest(Visits visits) {
    this.visits = visits;
  }

  @ParameterizedTest
  @CsvSource({"360, light", "360, dark", "768, light", "768, dark", "1440, light", "1440, dark"})
  void thePageSaysTheSame(int width, String theme) throws IOException {
    Visits.Setup setup = Visits.Setup.plain().width(width);
    try (Visit visit = visits.open("", theme.equals("dark") ? setup.dark() : setup).drawn()) {
      Path picture = Path.of("target/page/%d-%s.png".formatted(width, theme));
      visit.page().screenshot(new Page.ScreenshotOptions().setPath(picture).setFullPage(true));
      String words = words(visit);
      Path file = GOLDEN.resolve("words-%d.txt".formatted(width));
      if (Boolean.getBoolean("golden.write")) {
        Files.writeString(file, words);
      }
      assertThat(words).isEqualTo(Files.readString(file));
      visit.hasDoneNothingWrong();
    }
  }

  /** Without what no reader minds: the theme's button, sizes of documents and names by digest. */
  private static String words(Visit visit) {
    return visit
            .text("body")
            .replaceAll("(Dark|Light) theme", "theme")
            .replaceAll("\\d+\\.\\d KB", "n KB")
            .replaceAll("(performance/\\d{4}-\\d{2})\\.[0-9a-f]{8}", "$1")
            .replaceAll("[ \\t\\u00a0]+", " ")
            .strip()
        + "\n";
  }
}
