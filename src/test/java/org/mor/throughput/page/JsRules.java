package org.mor.throughput.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.mor.throughput.testing.NodeTools;

/** The page's modules with their tests in a folder of their own, run by node's test runner. */
record JsRules(Path directory) {
  static JsRules copyTo(Path directory) throws IOException {
    copyModules(directory);
    Files.writeString(directory.resolve("package.json"), "{\"type\":\"module\"}");
    Files.writeString(
        directory.resolve("rules.test.mjs"),
        Files.readString(Path.of("src/test/js/rules.test.mjs")));
    return new JsRules(directory);
  }

  static void copyModules(Path directory) throws IOException {
    Path site = Path.of("site");
    try (Stream<Path> files = Files.walk(site.resolve("js"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(site.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file));
      }
    }
  }

  void mutate(String file, String from, String to) throws IOException {
    Path module = directory.resolve("js").resolve(file);
    Files.writeString(module, Mutation.apply(Files.readString(module), from, to));
  }

  NodeTools.Run run() throws IOException {
    return NodeTools.run(directory, "", "node", "--test", "rules.test.mjs");
  }
}
