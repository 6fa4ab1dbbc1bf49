package org.mor.throughput.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chain's node, a process of its own. */
final class Node implements AutoCloseable {
  private final Process process;
  private final String address;

  private Node(Process process) throws IOException {
    this.process = process;
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("http://")) {
      process.destroyForcibly();
      throw new IOException("The node did not start, it printed: " + line);
    }
    address = line.strip();
  }

  /** {@link NodeProcess}. */
  static Node simulated() throws IOException {
    List<String> command = new ArrayList<>(javaCommand());
    command.add(NodeProcess.class.getName());
    return start(command);
  }

  /** The node of {@code folder} that replays a recording. */
  static Node replay(Path folder, Path recording, int latencyMillis) throws IOException {
    return start(
        List.of(
            "node",
            folder.resolve("replay.js").toString(),
            recording.toString(),
            "--port",
            "0",
            "--max-range",
            "2000",
            "--latency",
            Integer.toString(latencyMillis)));
  }

  /** Java with the class path of this process. */
  static List<String> javaCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"));
  }

  String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static Node start(List<String> command) throws IOException {
    return new Node(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }
}
