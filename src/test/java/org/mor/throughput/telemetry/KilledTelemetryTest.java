package org.mor.throughput.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes telemetry is killed, or finds its disk full. */
class KilledTelemetryTest {
  /** Writes until it is killed, and says after each step how much it has written. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      Telemetry telemetry =
          new Telemetry(Path.of(args[0]), InstantSource.system(), System::nanoTime);
      long steps = Long.parseLong(args[1]);
      for (long step = 1, paused = 0; step <= steps && paused < 5; step++) {
        for (int i = 0; i < 100; i++) {
          telemetry.record(
              new Asked(System.currentTimeMillis(), "/health", 200, i, 1, "10.1.2." + i));
        }
        telemetry.step();
        String state = telemetry.stats().path("state").asText();
        paused += state.equals("paused") ? 1 : 0;
        System.out.println(100 * step + " " + state);
      }
    }
  }

  private static Process start(String shell, Path file, long steps) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            "-c",
            shell + "exec \"$0\" \"$@\"",
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            file.toString(),
            "" + steps);
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What the file holds; its parts must agree. */
  private static long held(Path file) throws Exception {
    try (Database database = Database.open(file)) {
      assertThat(database.list("PRAGMA integrity_check").toString()).contains("ok");
      long hours = database.list("SELECT sum(count) AS n FROM hours").at("/0/n").asLong();
      long visits = database.list("SELECT sum(requests) AS n FROM days").at("/0/n").asLong();
      assertThat(visits).as("a batch is written whole or not at all").isEqualTo(hours);
      assertThat(database.durations(0).getTotalCount()).isEqualTo(hours);
      return hours;
    }
  }

  @Test
  void whatWasWrittenOutlivesAKill(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("telemetry.db");
    long before = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process process = start("", file, Long.MAX_VALUE);
      long said = 0;
      try (BufferedReader lines = lines(process)) {
        for (int line = 0; line < 20 + 7 * kill; line++) {
          said = Long.parseLong(lines.readLine().replaceAll(" .*", ""));
        }
        String pid = "" + process.pid(); // Another way of ending it would close the stream.
        assertThat(new ProcessBuilder("kill", "-9", pid).start().waitFor()).isZero();
        for (String more; (more = lines.readLine()) != null && more.endsWith("writing"); ) {
          said = Long.parseLong(more.replaceAll(" .*", ""));
        }
      }
      long held = held(file);
      assertThat(held - before).as("kill %s", kill).isBetween(said, said + 100);
      before = held;
    }
  }

  /** The limit of a file's size is what a full disk looks like to the program. */
  @Test
  void aDiskThatFillsPausesAndLeavesAWholeFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("telemetry.db");
    // 4,000 blocks are 2 or 4 MB, as the shell counts; the driver's own library has 1 MB.
    Process process = start("ulimit -f 4000; ", file, 5_000);
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = lines(process)) {
      lines.lines().forEach(said::add);
    }
    assertThat(process.waitFor()).isZero();
    assertThat(said).first().asString().isEqualTo("100 writing");
    assertThat(said).last().asString().endsWith("paused");
    long written = said.stream().filter(line -> line.endsWith("writing")).count() * 100;
    assertThat(held(file)).isEqualTo(written);
  }

  /** The same on a disk that is really full, where a small one can be made. */
  @Test
  void aSmallDiskThatFillsPausesToo(@TempDir Path directory) throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=300k", "none", disk.toString())
            .start();
    assumeThat(mount.waitFor()).isZero();
    try {
      Telemetry telemetry =
          new Telemetry(disk.resolve("telemetry.db"), InstantSource.system(), System::nanoTime);
      long before = 0;
      while (telemetry.stats().path("state").asText().equals("writing")) {
        assertThat(before += 100).isLessThan(20_000);
        for (int i = 0; i < 100; i++) {
          telemetry.record(
              new Asked(System.currentTimeMillis(), "/health", 200, i, 1, "10.1.2." + i));
        }
        telemetry.step();
      }
      assertThat(telemetry.stats().path("reason").asText()).contains("full");
      telemetry.close();
    } finally {
      assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor()).isZero();
    }
  }
}
