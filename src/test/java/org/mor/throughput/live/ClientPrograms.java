package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mor.throughput.testing.NodeTools;

/**
 * The packages of {@code clients/}, built and installed as users get them, and programs of them.
 */
final class ClientPrograms {
  static final Path TYPESCRIPT = Path.of("clients/typescript");
  static final Path PYTHON = Path.of("clients/python");
  private static final String NAME = "morpheus-throughput-live";

  /** What was built in this process: node's folder, and Python's interpreter. */
  private static final Map<String, Path> BUILT = new HashMap<>();

  private ClientPrograms() {}

  /** A client and its way to the server. */
  enum Kind {
    NODE_SOCKET,
    NODE_EVENTS,
    PYTHON;

    /** Starts the client's test program. */
    Listener listen(String server, String options) throws IOException {
      String given =
          this == NODE_EVENTS ? "{\"transport\":\"sse\"," + options.substring(1) : options;
      given = given.replace(",}", "}");
      List<String> command = new ArrayList<>();
      if (this == PYTHON) {
        command.addAll(
            List.of(python(), ClientPrograms.PYTHON.resolve("tests/listen.py").toString()));
      } else {
        command.addAll(node(this == NODE_SOCKET));
        command.add(nodeFolder().resolve("listen.mjs").toString());
      }
      command.addAll(List.of(server, given));
      return new Listener(command);
    }
  }

  /** Node, which has a WebSocket only from version 22 on. */
  static List<String> node(boolean isSocketNeeded) throws IOException {
    boolean hasSocket = run(Path.of("."), "node", "-p", "typeof WebSocket").contains("function");
    return isSocketNeeded && !hasSocket
        ? List.of("node", "--experimental-websocket", "--no-warnings")
        : List.of("node");
  }

  /** A folder in which node finds the package as npm packs it. */
  static synchronized Path nodeFolder() throws IOException {
    Path node = BUILT.get("node");
    if (node == null) {
      Path folder = NodeTools.install(TYPESCRIPT, "client-typescript");
      String version = run(folder, "node", "-p", "process.versions.node.split('.')[0]").strip();
      assumeTrue(Integer.parseInt(version) >= 20, "skipped: node 20 is needed, found " + version);
      copy(TYPESCRIPT.resolve("src"), folder.resolve("src"));
      run(folder, "npm", "pack", "--silent");
      Path installed = Files.createDirectories(folder.resolve("installed"));
      copy(TYPESCRIPT.resolve("test"), installed);
      Path modules = Files.createDirectories(installed.resolve("node_modules").resolve(NAME));
      String packed = folder.resolve(NAME + "-0.1.0.tgz").toAbsolutePath().toString();
      run(modules, "tar", "xzf", packed, "--strip-components=1");
      node = installed;
      BUILT.put("node", node);
    }
    return node;
  }

  /** The interpreter of an environment that has the package's wheel. */
  static synchronized String python() throws IOException {
    Path venv = BUILT.get("python");
    if (venv == null) {
      Path folder = Path.of("target/client-python");
      Path wanted = PYTHON.resolve("tests/requirements.txt");
      Path done = folder.resolve("requirements.txt");
      String python = folder.resolve("bin/python").toAbsolutePath().toString();
      if (!Files.exists(done) || Files.mismatch(done, wanted) != -1) {
        require(NodeTools.run(Path.of("."), "", "python3", "-m", "venv", folder.toString()));
        require(
            NodeTools.run(
                Path.of("."), "", python, "-m", "pip", "install", "-q", "-r", wanted.toString()));
        Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
      }
      String wheels = folder.resolve("wheels").toAbsolutePath().toString();
      pip(
          python,
          "wheel",
          "--no-build-isolation",
          "-w",
          wheels,
          PYTHON.toAbsolutePath().toString());
      pip(python, "install", "--force-reinstall", "--no-index", "-f", wheels, NAME);
      venv = Path.of(python);
      BUILT.put("python", venv);
    }
    return venv.toString();
  }

  private static void require(NodeTools.Run run) {
    assumeTrue(run.code() == 0, () -> "skipped: Python's packages: " + run.errors() + run.output());
  }

  private static void pip(String python, String verb, String... rest) throws IOException {
    List<String> command = new ArrayList<>(List.of(python, "-m", "pip", verb, "-q", "--no-deps"));
    command.addAll(Arrays.asList(rest));
    run(Path.of("."), command.toArray(String[]::new));
  }

  /** Runs a program that must succeed; returns what it printed. */
  static String run(Path folder, String... command) throws IOException {
    NodeTools.Run run = NodeTools.run(folder, "", command);
    assertThat(run.code()).as("%s: %s %s", List.of(command), run.output(), run.errors()).isZero();
    return run.output();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A program that prints what it hears and does what it is told, line by line. */
  static final class Listener implements AutoCloseable {
    private final Process process;
    private String last = "nothing";
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Listener(List<String> command) throws IOException {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Thread reader = new Thread(this::read, "listener");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader printed = process.inputReader(UTF_8)) {
        printed.lines().forEach(lines::add);
      } catch (IOException | UncheckedIOException e) {
        lines.add("gone: " + e.getMessage());
      }
    }

    void say(String command) throws IOException {
      process.getOutputStream().write((command + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
    }

    String line() {
      try {
        String next = lines.poll(15, TimeUnit.SECONDS);
        assertThat(next).as("a line behind %s", last).isNotNull();
        last = next;
        return next;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The next line that has the field, and all before it. */
    List<JsonNode> until(Predicate<JsonNode> last) {
      List<JsonNode> all = new ArrayList<>();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      do {
        all.add(Ears.tree(line()));
        assertThat(System.nanoTime()).as("waited in vain: %s", all).isLessThan(until);
      } while (!last.test(all.get(all.size() - 1)));
      return all;
    }

    JsonNode next(String field) {
      List<JsonNode> all = until(line -> line.has(field));
      return all.get(all.size() - 1).path(field);
    }

    JsonNode event() {
      List<JsonNode> all = until(line -> line.has("event_name"));
      return all.get(all.size() - 1);
    }

    /** Does something and waits for what it gives. */
    JsonNode ask(String command) throws IOException {
      say(command);
      return next("answer");
    }

    /** Waits until the stream has begun. */
    Listener begun() throws IOException {
      assertThat(ask("{\"resume\":20000}").path("type").asText()).isEqualTo("resume");
      return this;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
