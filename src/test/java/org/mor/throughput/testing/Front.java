package org.mor.throughput.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands before a node and misbehaves, started as a process of its own. It is looked for in
 * the folder {@code cases} beside that of {@link ReplayNode}; where it is absent, tests that need
 * it are skipped.
 */
public final class Front implements AutoCloseable {
  private static final Pattern MODE =
      Pattern.compile("(?m)^ {2}(\\w+): (?:\\(|\\w+ =>)|mode === '(\\w+)'");

  private final Process process;
  private final URI url;

  private Front(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  private static Path script() {
    Path script = ReplayNode.folder().resolveSibling("cases").resolve("front.js");
    assumeTrue(Files.exists(script), "there is no " + script);
    return script;
  }

  /** All that it can do, read from its script. */
  public static Set<String> modes() throws IOException {
    return MODE.matcher(Files.readString(script()))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Starts one that passes everything on. */
  public static Front before(ReplayNode node) throws IOException {
    Process process =
        ReplayNode.started(List.of("node", script().toString(), node.url(), "passesOn"));
    return new Front(process, ReplayNode.printed(process));
  }

  /**
   * From now on it misbehaves so.
   *
   * @param argument a number, such as the blocks of a query that is still answered
   */
  public void mode(String name, double argument) throws IOException, InterruptedException {
    String json =
        new ObjectMapper().createObjectNode().put("mode", name).put("arg", argument).toString();
    ReplayNode.post(url.resolve("/__mode"), json);
  }

  public String url() {
    return url.toString();
  }

  /** How many HTTP requests came so far. */
  public long httpRequests() throws IOException, InterruptedException {
    return ReplayNode.get(url.resolve("/__m")).get("http").asLong();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
