package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Proves that command lines of the documentation are understood, without running them. */
public final class ParsedLines {
  private ParsedLines() {}

  /**
   * Fails unless {@code line}, such as {@code ./indexer rollup --stuck} or {@code ./spot-check},
   * parses; leading VARIABLE=value words are passed over, and what follows # is a comment.
   */
  public static void assertParses(String line) {
    List<String> words =
        new ArrayList<>(Arrays.asList(line.replaceFirst("\\s#.*", "").strip().split("\\s+")));
    while (words.get(0).matches("[A-Z_]+=.*")) {
      words.remove(0);
    }
    String program = words.remove(0).replaceFirst("^\\./", "");
    if (program.equals("spot-check")) {
      words.add(0, "spot-check");
    }
    assertThatCode(() -> new TestRun(Map.of()).commands().parseArgs(words.toArray(String[]::new)))
        .as(line)
        .doesNotThrowAnyException();
  }
}
