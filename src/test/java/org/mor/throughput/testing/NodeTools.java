package org.mor.throughput.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Node, and packages of npm in the build folder as a lock file names them. Where node, npm or its
 * registry is not to be had, the test that asks is skipped and says so.
 */
public final class NodeTools {
  /** What a program printed; code 127 where it is not there, as in a shell. */
  public record Run(int code, String output, String errors) {}

  private NodeTools() {}

  /** Skips the calling test where node does not run. */
  public static void requireNode() throws IOException {
    assumeTrue(run(Path.of("."), "", "node", "--version").code() == 0, "skipped: there is no node");
  }

  /**
   * Copies the files of a folder with a lock file into {@code target/NAME} and installs there what
   * the lock file names.
   *
   * @return the folder below {@code target}
   */
  public static synchronized Path install(Path sources, String name) throws IOException {
    requireNode();
    Path folder = Files.createDirectories(Path.of("target", name));
    Path lock = folder.resolve("package-lock.json");
    boolean isCurrent =
        Files.exists(lock)
            && Files.isDirectory(folder.resolve("node_modules"))
            && Files.mismatch(lock, sources.resolve("package-lock.json")) == -1;
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!isCurrent) {
      Run npm = run(folder, "", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      if (npm.code() != 0) {
        Files.delete(lock);
      }
      assumeTrue(npm.code() == 0, () -> "skipped: npm ci did not succeed: " + npm.errors());
    }
    return folder;
  }

  /** Runs a program in a folder with this on its standard input. */
  public static Run run(Path folder, String input, String... command) throws IOException {
    Path given = Files.writeString(Files.createTempFile("run", ".in"), input);
    Path errors = Files.createTempFile("run", ".err");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectInput(given.toFile())
              .redirectError(errors.toFile())
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), output, Files.readString(errors));
    } catch (IOException e) {
      return new Run(127, "", "cannot start " + command[0] + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + command[0] + " ran", e);
    } finally {
      Files.delete(given);
      Files.delete(errors);
    }
  }
}
