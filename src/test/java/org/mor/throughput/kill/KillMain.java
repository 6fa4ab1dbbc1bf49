package org.mor.throughput.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.testing.ReplayNode.Fork;
import org.mor.throughput.testing.StrictS3Server;

/** The long form, started by {@code .ci/kill-test}: {@code KILLS file|s3 SEED HOME RECORDING}. */
final class KillMain {
  private static final int DELAY_MILLIS = 10;
  private static final String RECORDING = "rehearsal.json.gz";

  private KillMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = Integer.parseInt(args[0]);
    boolean s3 = args[1].equals("s3");
    long seed = Long.parseLong(args[2]);
    Path home = Path.of(args[3]);
    Path recording = Path.of(args[4]);
    boolean recorded = Files.exists(recording.resolve("replay.js"));
    Path work = Files.createTempDirectory("kill-test");
    System.out.printf(
        "%d kills, store %s, seed %d, node %s, work in %s%n",
        kills, args[1], seed, recorded ? "replaying " + recording : "simulated", work);
    System.setProperty("rehearsal.dir", recording.toString());
    try (Node node =
            recorded
                ? Node.replay(recording, recording.resolve(RECORDING), DELAY_MILLIS)
                : Node.simulated();
        Node reorganised =
            recorded
                ? Node.replay(recording, Fork.make(work, 37_005_000, 1).recording(), DELAY_MILLIS)
                : Node.simulated();
        StrictS3Server bucket = StrictS3Server.start(KillSetting.BUCKET)) {
      bucket.delay(Duration.ofMillis(DELAY_MILLIS));
      SimulatedMarket market = NodeProcess.market();
      long start = recorded ? 37_000_000 : market.startBlock();
      long split = recorded ? 37_006_000 : market.head() - 500_000;
      // A simulated market does not reorganise: its rewind is one that nobody needed.
      long above = recorded ? 37_005_000 : split;
      String fork = recorded ? KillSetting.FORK : "";
      KillSetting setting =
          new KillSetting(
              List.of(home.resolve("indexer").toString()),
              work,
              node.address(),
              reorganised.address(),
              start,
              List.of(
                  "backfill --start-block %d --end-block %d".formatted(start, split),
                  "rollup --stuck",
                  "incremental",
                  fork + "rewind --to-block " + above,
                  fork + "backfill --gaps",
                  fork + "rollup --stuck --full"),
              s3 ? Optional.of(bucket) : Optional.empty());
      KillLoop loop = new KillLoop(setting, seed, System.out::println);
      long started = System.nanoTime();
      Map<KillLoop.Landed, Integer> landed = loop.run(kills);
      System.out.printf(
          "%s; digest %s each time; seed %d; %d s%n",
          landed, loop.digest(), seed, (System.nanoTime() - started) / 1_000_000_000);
    }
  }
}
