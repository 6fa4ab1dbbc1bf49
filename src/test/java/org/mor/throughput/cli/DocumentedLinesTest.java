package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command line that the documentation shows is one the program takes. */
class DocumentedLinesTest {
  private static final Pattern IN_BACKTICKS =
      Pattern.compile("`(\\./(?:indexer|spot-check)[^`]*)`");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/operations.md"})
  void everyLineParses(String document) throws IOException {
    String text = Files.readString(Path.of(document));
    List<String> blocks =
        text.lines().filter(line -> line.matches("\\./(indexer|spot-check)\\b.*")).toList();
    List<String> inline =
        IN_BACKTICKS
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .filter(line -> line.contains(" "))
            .toList();
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(5).allSatisfy(ParsedLines::assertParses);
    assertThat(inline).hasSizeGreaterThanOrEqualTo(5).allSatisfy(ParsedLines::assertParses);
  }
}
