package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.mor.throughput.testing.NodeTools;

/** Node with the real HCL parser and formatter. */
final class TerraformTools {
  private TerraformTools() {}

  /** What a script of the checks prints, given this input. */
  static String run(String script, String input, String... arguments) {
    try {
      Path folder = NodeTools.install(Path.of("terraform/checks"), "terraform-checks");
      return printed(
          NodeTools.run(
              folder,
              input,
              Stream.concat(Stream.of("node", script), Stream.of(arguments))
                  .toArray(String[]::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What node prints for a script that needs nothing installed. */
  static String runPlain(String source) {
    try {
      NodeTools.Run run = NodeTools.run(Path.of("."), source, "node", "-");
      assumeTrue(run.code() != 127, "skipped: node is not on the PATH");
      return printed(run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String printed(NodeTools.Run run) {
    assertThat(run.code()).as(run.errors()).isZero();
    return run.output();
  }
}
