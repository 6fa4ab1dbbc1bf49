package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTableTest {
  private final ErrorTable table = ErrorTable.load();

  @ParameterizedTest
  @MethodSource("messages")
  void aRealMessageIsReadAsWhatItCallsFor(List<String> row) {
    ErrorTable.Meaning meaning =
        table.read(row.get(2)).orElse(ErrorTable.Meaning.of(Reaction.UNKNOWN));

    String number =
        meaning.number().isPresent()
            ? "" + meaning.number().getAsLong()
            : meaning.suggestion().map(range -> range.size() + " blocks").orElse("-");
    assertThat(List.of(meaning.reaction().label(), number)).isEqualTo(row.subList(0, 2));
  }

  static List<List<String>> messages() {
    return new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    ErrorTableTest.class.getResourceAsStream("real-messages.tsv")),
                StandardCharsets.UTF_8))
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> List.of(line.split("\t")))
        .toList();
  }

  @Test
  void everyRowReadsItsOwnExample() {
    assertThat(table.rows()).hasSizeGreaterThan(40);
    for (ErrorTable.Row row : table.rows()) {
      assertThat(table.read(row.example()).map(ErrorTable.Meaning::reaction))
          .as(row.example())
          .contains(row.reaction());
      assertThat(row.read(row.example().toLowerCase(Locale.ROOT).replace("10,000", "10000")))
          .as("%s matches %s itself", row.pattern(), row.example())
          .isPresent();
    }
  }

  @Test
  void whatNobodyKnowsIsNotGuessed() {
    assertThat(table.read("the moon is too close")).isEmpty();
  }
}
