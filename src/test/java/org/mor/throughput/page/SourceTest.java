package org.mor.throughput.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the page's modules are written: short lines, folders, and types that fit. */
class SourceTest {
  private static final int LONGEST = 120;
  private static final Path TESTS = Path.of("src/test/js");
  private static final Path INSTALLED = Path.of("target/page-checks");

  @Test
  void linesFitAScreen() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : modules()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > LONGEST) {
          tooLong.add(file + ":" + (i + 1));
        }
      }
    }
    assertThat(modules()).hasSizeGreaterThan(30);
    assertThat(tooLong).isEmpty();
  }

  @Test
  void modulesStandInFoldersByWhatTheyDo() throws IOException {
    Set<String> folders = new TreeSet<>();
    for (Path file : modules()) {
      folders.add(requireNonNull(file.getParent()).toString());
    }
    assertThat(folders)
        .containsExactly(
            "site/js",
            "site/js/data",
            "site/js/draw",
            "site/js/figures",
            "site/js/page",
            "site/js/sections");
  }

  /** The compiler of the lock file, from npm; skipped where node or npm's registry is not there. */
  @Test
  void typesFit() throws IOException, InterruptedException {
    JsRules.assumeNode();
    Files.createDirectories(INSTALLED);
    JsRules.copyTo(INSTALLED);
    install();
    JsRules.Run run = JsRules.command(INSTALLED, "node_modules/.bin/tsc", "-p", ".");
    assertThat(run.code()).as(run.said()).isZero();
  }

  private static void install() throws IOException, InterruptedException {
    Path lock = INSTALLED.resolve("package-lock.json");
    boolean isCurrent =
        Files.exists(lock)
            && Files.isDirectory(INSTALLED.resolve("node_modules"))
            && Files.mismatch(lock, TESTS.resolve("package-lock.json")) == -1;
    for (String name :
        List.of("package.json", "package-lock.json", "tsconfig.json", "types.d.ts")) {
      Files.writeString(INSTALLED.resolve(name), Files.readString(TESTS.resolve(name)));
    }
    if (!isCurrent) {
      JsRules.Run npm =
          JsRules.command(INSTALLED, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      if (npm.code() != 0) {
        Files.delete(lock);
      }
      assumeTrue(npm.code() == 0, () -> "skipped: npm ci did not succeed: " + npm.said());
    }
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("site/js"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
