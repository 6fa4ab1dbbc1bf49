package org.mor.throughput.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.testing.NodeTools;

/** How the page's modules are written: short lines, folders, and types that fit. */
class SourceTest {
  private static final int LONGEST = 120;

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
  void typesFit() throws IOException {
    Path folder = NodeTools.install(Path.of("src/test/js"), "page-checks");
    JsRules.copyModules(folder);
    NodeTools.Run run = NodeTools.run(folder, "", "node_modules/.bin/tsc", "-p", ".");
    assertThat(run.code()).as(run.output() + run.errors()).isZero();
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("site/js"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
