package org.mor.throughput.adapter.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.store.ObjectAttributes;

class FileObjectStoreProcessTest {
  private final Path root;
  private final FileObjectStore store;

  FileObjectStoreProcessTest(@TempDir Path root) {
    this.root = root;
    this.store = new FileObjectStore(root);
    store.create(CounterProcess.COUNTER, new byte[] {'0'}, ObjectAttributes.PRIVATE_JSON);
  }

  @Test
  void processesLoseNoIncrementToEachOther() throws Exception {
    List<Process> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(counting(50));
    }
    for (Process other : others) {
      assertThat(other.inputReader().readLine()).isEqualTo("ready");
    }
    for (int i = 0; i < 50; i++) {
      CounterProcess.increment(store);
    }
    for (Process other : others) {
      assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(other.exitValue()).isZero();
    }

    assertThat(CounterProcess.count(store.find(CounterProcess.COUNTER).orElseThrow()))
        .isEqualTo(4 * 50);
  }

  @Test
  void aKilledProcessLosesNothingItHadFinishedAndBlocksNobody() throws Exception {
    int finished = 0;
    for (int kill = 0; kill < 4; kill++) {
      Process other = counting(1_000_000);
      BufferedReader lines = other.inputReader();
      assertThat(lines.readLine()).isEqualTo("ready");
      for (int i = 0; i < 3 + 5 * kill; i++) {
        assertThat(lines.readLine()).isEqualTo("done");
      }
      // By its handle: destroying the Process would close what it has printed.
      other.toHandle().destroyForcibly();
      finished += 3 + 5 * kill + (int) lines.lines().filter("done"::equals).count();
    }
    CounterProcess.increment(store);

    // A write may have finished without the word getting out, one a kill.
    assertThat(CounterProcess.count(store.find(CounterProcess.COUNTER).orElseThrow()))
        .isBetween(finished + 1, finished + 1 + 4);
  }

  private Process counting(int times) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CounterProcess.class.getName(),
            root.toString(),
            String.valueOf(times))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
