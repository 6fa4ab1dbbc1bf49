package org.mor.throughput.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The page's modules with their tests in a folder of their own, run by node's test runner. */
record JsRules(Path directory) {
  static JsRules copyTo(Path directory) throws IOException {
    Path site = Path.of("site");
    try (Stream<Path> files = Files.walk(site.resolve("js"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(site.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file));
      }
    }
    Files.writeString(directory.resolve("package.json"), "{\"type\":\"module\"}");
    Files.writeString(
        directory.resolve("rules.test.mjs"),
        Files.readString(Path.of("src/test/js/rules.test.mjs")));
    return new JsRules(directory);
  }

  void mutate(String file, String from, String to) throws IOException {
    Path module = directory.resolve("js").resolve(file);
    Files.writeString(module, Mutation.apply(Files.readString(module), from, to));
  }

  /** Exit code and output. */
  Run run() throws IOException, InterruptedException {
    return command(directory, "node", "--test", "rules.test.mjs");
  }

  /** What a command says in a folder; a command that is not there has code 127, as in a shell. */
  static Run command(Path directory, String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return new Run(127, "cannot start " + command[0] + ": " + e.getMessage());
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }

  record Run(int code, String said) {}

  static void assumeNode() {
    try {
      Process node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start();
      node.getInputStream().readAllBytes();
      Assumptions.assumeTrue(node.waitFor() == 0, "node does not run");
    } catch (IOException e) {
      Assumptions.abort("there is no node on the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while node was looked for", e);
    }
  }
}
