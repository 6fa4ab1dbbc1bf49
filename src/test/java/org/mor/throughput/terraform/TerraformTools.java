package org.mor.throughput.terraform;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Node with the real HCL parser and formatter, in the build folder. Where node, npm or its registry
 * is not to be had, the test that asks is skipped and says so.
 */
final class TerraformTools {
  private static final Path SOURCES = Path.of("terraform/checks");
  private static final Path INSTALLED = Path.of("target/terraform-checks");

  private TerraformTools() {}

  /** What a script of the checks prints, given this input. */
  static String run(String script, String input, String... arguments) {
    install();
    List<String> command = Stream.concat(Stream.of("node", script), Stream.of(arguments)).toList();
    Outcome outcome = started(command, input);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed:\n" + outcome.errors());
    }
    return outcome.output();
  }

  /** What node prints for a script that needs nothing installed. */
  static String runPlain(String source) {
    assumeTrue(isThere("node"), "skipped: node is not on the PATH");
    Outcome outcome = started(List.of("node", "-"), source);
    if (outcome.exitCode() != 0) {
      throw new AssertionError("node failed:\n" + outcome.errors());
    }
    return outcome.output();
  }

  private static void install() {
    assumeTrue(isThere("node"), "skipped: node is not on the PATH");
    try {
      Files.createDirectories(INSTALLED);
      boolean current = sameLock() && Files.isDirectory(INSTALLED.resolve("node_modules"));
      copySources();
      if (!current) {
        npmCi();
      }
    } catch (IOException e) {
      throw new AssertionError("cannot prepare " + INSTALLED, e);
    }
  }

  private static void npmCi() throws IOException {
    assumeTrue(isThere("npm"), "skipped: npm is not on the PATH");
    Path lock = INSTALLED.resolve("package-lock.json");
    Outcome outcome =
        started(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), "");
    if (outcome.exitCode() != 0) {
      Files.deleteIfExists(lock);
    }
    assumeTrue(
        outcome.exitCode() == 0, () -> "skipped: npm ci did not succeed: " + outcome.errors());
  }

  private static boolean sameLock() throws IOException {
    Path lock = INSTALLED.resolve("package-lock.json");
    return Files.exists(lock) && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) == -1;
  }

  private static void copySources() throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      for (Path source : sources.toList()) {
        Files.copy(
            source, INSTALLED.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static boolean isThere(String program) {
    try {
      return started(List.of(program, "--version"), "").exitCode() == 0;
    } catch (AssertionError notThere) {
      return false;
    }
  }

  private static Outcome started(List<String> command, String input) {
    try {
      Path output = Files.createTempFile("checks", ".out");
      Path errors = Files.createTempFile("checks", ".err");
      Path given = Files.writeString(Files.createTempFile("checks", ".in"), input);
      Process process =
          new ProcessBuilder(command)
              .directory(Files.isDirectory(INSTALLED) ? INSTALLED.toFile() : null)
              .redirectInput(given.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " did not end in 3 minutes");
      }
      Outcome outcome =
          new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
      for (Path each : List.of(output, errors, given)) {
        Files.delete(each);
      }
      return outcome;
    } catch (IOException e) {
      throw new AssertionError("cannot run " + String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private record Outcome(int exitCode, String output, String errors) {}
}
