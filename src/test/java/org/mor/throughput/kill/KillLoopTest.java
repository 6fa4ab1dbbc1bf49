package org.mor.throughput.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.testing.StrictS3Server;

/** The short form of {@code .ci/kill-test}: a few kills on the S3 server. */
class KillLoopTest {
  private static final int KILLS = 2;

  @Test
  void killedAnywhereTheCommandsEndInWhatAnUndisturbedRunStores(@TempDir Path work)
      throws Exception {
    List<String> program = new ArrayList<>(Node.javaCommand());
    program.add("-Dindexer.home=" + work);
    program.add("org.mor.throughput.cli.Main");
    SimulatedMarket market = NodeProcess.market();
    List<String> said = new ArrayList<>();
    try (Node node = Node.simulated();
        StrictS3Server bucket = StrictS3Server.start(KillSetting.BUCKET)) {
      bucket.delay(Duration.ofMillis(5));
      KillSetting setting =
          new KillSetting(
              program,
              work,
              node.address(),
              "",
              market.head() - 120_000,
              List.of("incremental"),
              Optional.of(bucket));

      var landed = new KillLoop(setting, 4, said::add).run(KILLS);

      assertThat(landed.values().stream().mapToInt(Integer::intValue).sum())
          .as(String.join("\n", said))
          .isEqualTo(KILLS);
    }
  }
}
