package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.testing.Languages;

/**
 * Every byte of every document. After a change that is meant, run with {@code -Dgolden.write=true}
 * and review the difference.
 */
class GoldenDocumentsTest {
  static final Path GOLDEN = Path.of("src/test/resources/publish/golden");

  @Test
  void documentsAreTheGoldenOnesToTheByte() throws IOException {
    for (Document document : Published.all()) {
      Path file =
          GOLDEN.resolve(
              document
                  .key()
                  .value()
                  .replace("rollup/performance/", "month-")
                  .replace("rollup/", ""));
      if (Boolean.getBoolean("golden.write")) {
        Files.write(file, document.body());
      }
      assertThat(new String(document.body(), StandardCharsets.UTF_8))
          .as("%s", document.key())
          .isEqualTo(Files.readString(file));
    }
  }

  @Test
  void documentsAreTheSameInEveryLanguage() throws Exception {
    List<Document> expected = Published.all();
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> {
            List<Document> found = Published.all();
            for (int i = 0; i < expected.size(); i++) {
              assertThat(new String(found.get(i).body(), StandardCharsets.UTF_8))
                  .as("%s in %s", expected.get(i).key(), language)
                  .isEqualTo(new String(expected.get(i).body(), StandardCharsets.UTF_8));
            }
          });
    }
  }

  /** Partials are kept under it, and summary.json shows it. */
  @Test
  void theFingerprintOfTheRulesIsTheSameInEveryLanguage() throws Exception {
    MetricRules rules = new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of());
    String expected = Methodology.fingerprint(rules);
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> assertThat(Methodology.fingerprint(rules)).as("%s", language).isEqualTo(expected));
    }
  }

  @Test
  void neitherTheOrderOfRowsNorTheNumberOfThreadsShows() {
    List<Document> expected = Published.documents(Published.rows(), 1, Published.head());
    for (int seed = 0; seed < 4; seed++) {
      ListedRows rows = shuffled(Published.rows(), new Random(seed));
      List<Document> found = Published.documents(rows, 1 + seed, Published.head());
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).body())
            .as("%s", expected.get(i).key())
            .isEqualTo(expected.get(i).body());
      }
    }
  }

  private static ListedRows shuffled(ListedRows rows, Random random) {
    List<OpenFacts> opens = new ArrayList<>(rows.opens());
    List<CloseFacts> closes = new ArrayList<>(rows.closes());
    Collections.shuffle(opens, random);
    Collections.shuffle(closes, random);
    return new ListedRows(opens, closes);
  }
}
