package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page loads before its first figures. */
class FirstViewTest {
  /** Of the 80 KB in all; the summary and 60 days take 10 KB. */
  private static final int MOST = 70 * 1024;

  private static final String MAIN = "js/main.js";

  @Test
  void everyModuleOfTheFirstViewIsAskedForAtOnceAndNoOther() throws IOException {
    Set<String> named = found("modulepreload\" href=\"([^\"]+)", page());
    Set<String> needed = modules();
    needed.remove(MAIN);
    assertThat(named).isEqualTo(needed);
    assertThat(named).doesNotContain("js/sections/boards.js");
  }

  @Test
  void pageStylesAndModulesAreSmall() throws IOException {
    Set<String> files = modules();
    files.addAll(found("stylesheet\" href=\"([^\"]+)", page()));
    files.addAll(List.of("throughput.html", "js/theme.js"));
    int sum = 0;
    for (String file : files) {
      byte[] body = PageServer.siteFile(file).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      sum += PageServer.gzip(body).length;
    }
    assertThat(sum).isBetween(MOST / 2, MOST);
  }

  @Test
  void documentsThatAreAskedForAtOnceAreThoseThatTheDefaultViewReads() throws IOException {
    Set<String> named = found("as=\"fetch\" href=\"([^\"]+)", page());
    assertThat(named)
        .containsExactly("api/throughput/rollup/daily-recent.json", "api/throughput/summary.json");
    assertThat(PageServer.siteFile("js/figures/view.js")).contains("'rollup/daily-recent.json'");
  }

  private static String page() throws IOException {
    return PageServer.siteFile("throughput.html");
  }

  /** The page's module and what it imports at once, directly or not. */
  private static Set<String> modules() throws IOException {
    Set<String> seen = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(MAIN));
    while (!next.isEmpty()) {
      String file = next.remove();
      if (seen.add(file)) {
        assertThat(Files.exists(Path.of("site", file))).as(file).isTrue();
        Path here = Path.of(file);
        found("(?m)^(?:import|}).* from '(\\.[^']+)';", PageServer.siteFile(file))
            .forEach(name -> next.add(here.resolveSibling(name).normalize().toString()));
      }
    }
    return seen;
  }

  private static Set<String> found(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
