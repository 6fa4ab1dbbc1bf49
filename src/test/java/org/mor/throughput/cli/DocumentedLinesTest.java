package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every command line that the documentation shows is one the program takes. */
class DocumentedLinesTest {
  private static final Pattern IN_BACKTICKS =
      Pattern.compile("`(\\./(?:indexer|spot-check)[^`]*)`");

  @Test
  void everyLineOfTheReadmeParses() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<String> blocks =
        readme.lines().filter(line -> line.matches("\\./(indexer|spot-check)\\b.*")).toList();
    List<String> inline =
        IN_BACKTICKS
            .matcher(readme)
            .results()
            .map(match -> match.group(1))
            .filter(line -> line.contains(" "))
            .toList();
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(5).allSatisfy(ParsedLines::assertParses);
    assertThat(inline).hasSizeGreaterThanOrEqualTo(5).allSatisfy(ParsedLines::assertParses);
  }
}
