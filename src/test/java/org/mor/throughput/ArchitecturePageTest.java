package org.mor.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} speaks of files and types that are there. */
class ArchitecturePageTest {
  private static final Path PAGE = Path.of("docs/architecture.md");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");
  private static final Pattern PATH = Pattern.compile("`([a-z0-9/]+/[A-Z][A-Za-z0-9]+)`");
  private static final List<Path> SOURCES =
      Stream.of("src/main/java", "src/test/java", "src/spark/java", "src/spark/test")
          .map(root -> Path.of(root, "org/mor/throughput"))
          .toList();
  private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. \\[`(\\w+)`]\\(([^)]+)\\)");

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> links = LINK.matcher(page()).results().map(m -> m.group(1)).toList();

    assertThat(links).isNotEmpty();
    assertThat(links)
        .allSatisfy(link -> assertThat(Files.exists(PAGE.resolveSibling(link))).as(link).isTrue());
  }

  @Test
  void everyTypeThatIsNamedExists() throws IOException {
    String sources;
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      sources =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.endsWith(".java"))
              .collect(Collectors.joining(" ", " ", " "));
    }
    assertThat(TYPE.matcher(page()).results().map(m -> m.group(1)).filter(n -> !isEvent(n)))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(sources).contains(" " + name + ".java "));
  }

  /** Events of the contract are written like types. */
  private static boolean isEvent(String name) {
    return name.equals("SessionClosed") || name.equals("SessionOpened");
  }

  /** Written as a path below the root package, such as {@code index/RewindTest}. */
  @Test
  void everyClassThatADocumentNamesByItsPathExists() throws IOException {
    List<String> named = new ArrayList<>();
    try (Stream<Path> documents = Files.list(Path.of("docs"))) {
      for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
        PATH.matcher(Files.readString(document)).results().map(m -> m.group(1)).forEach(named::add);
      }
    }
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(SOURCES.stream().map(root -> root.resolve(name + ".java")))
                    .as(name)
                    .anyMatch(Files::exists));
  }

  @Test
  void thePathIsCountedAndNoFileIsOpenedTwice() throws IOException {
    List<MatchResult> path =
        STEP.matcher(page())
            .results()
            .filter(step -> step.group(3).contains("/main/java/"))
            .toList();

    assertThat(path.stream().map(step -> step.group(3))).doesNotHaveDuplicates();
    assertThat(page()).contains("These %d files".formatted(path.size()));
    assertThat(path)
        .allSatisfy(step -> assertThat(step.group(3)).endsWith("/" + step.group(2) + ".java"));
  }
}
