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
    Path modules = Files.createDirectories(directory.resolve("js"));
    try (Stream<Path> files = Files.list(Path.of("site/js"))) {
      for (Path file : files.toList()) {
        Files.writeString(modules.resolve(file.getFileName()), Files.readString(file));
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
    ProcessBuilder node = new ProcessBuilder(List.of("node", "--test", "rules.test.mjs"));
    Process process = node.directory(directory.toFile()).redirectErrorStream(true).start();
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
