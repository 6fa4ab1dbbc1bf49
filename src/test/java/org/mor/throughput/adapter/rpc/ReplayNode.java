package org.mor.throughput.adapter.rpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node that answers from a recording of the real contract, run by Node.js. */
final class ReplayNode implements AutoCloseable {
  private static final Path DIR =
      Path.of(System.getProperty("rehearsal.dir", "../shared/chain")).toAbsolutePath().normalize();

  private final Process process;
  private final String url;

  private ReplayNode(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static boolean isAvailable() {
    try {
      return Files.exists(DIR.resolve("replay.js"))
          && Files.exists(DIR.resolve("rehearsal.json.gz"))
          && new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static ReplayNode start(String... options) {
    List<String> command = new ArrayList<>(List.of("node", DIR.resolve("replay.js").toString()));
    command.add(DIR.resolve("rehearsal.json.gz").toString());
    command.addAll(List.of("--port", "0"));
    command.addAll(List.of(options));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String url = out.readLine();
      if (url == null) {
        throw new IllegalStateException("The replay node did not start");
      }
      return new ReplayNode(process, url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
