package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** A backfill in a JVM of its own, killed or interrupted, ends as if nothing had happened. */
class KilledProcessTest {
  /** Requests after which the process is killed, counted anew in each run; then it may end. */
  private static final List<Integer> KILLED_AT = List.of(4, 19, 40);

  private static final int FIRST_AFTER_A_COMMIT = 0;

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicReference<Moment> moment = new AtomicReference<>(new Moment(-1));

  private record Moment(int at, Path cursor, CountDownLatch reached) {
    Moment(int at) {
      this(at, Path.of(""), new CountDownLatch(1));
    }

    boolean is(int request) {
      return at == FIRST_AFTER_A_COMMIT ? Files.exists(cursor) : request == at;
    }
  }

  @Test
  void killedAnywhereABackfillGoesOnAndEndsInTheSameBytes(@TempDir Path home) throws Exception {
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SimulatedNode.start(market, 0, 100_000);
        FaultyNode watched = new FaultyNode(node.url(), this::count)) {
      EndToEnd calm = undisturbed(home.resolve("calm"), market, node);

      EndToEnd cli = configured(home.resolve("killed"), market).node(node.url());
      for (int at : KILLED_AT) {
        kill(home.resolve("killed"), market, watched.url(), at);
      }
      kill(home.resolve("killed"), market, watched.url(), FIRST_AFTER_A_COMMIT);
      assertThat(SmallMarket.objects(cli.store())).as("something was done before").isNotEmpty();
      moment.set(new Moment(-1));
      Process last = start(home.resolve("killed"), market, watched.url());
      assertThat(last.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(last.exitValue()).as(log(home.resolve("killed"))).isZero();
      assertThat(log(home.resolve("killed"))).doesNotContain(EndToEnd.CANARY, "\tat ");
      cli.run("rollup --stuck").done();
      SmallMarket.assertSame(SmallMarket.objects(cli.store()), SmallMarket.objects(calm.store()));
    }
  }

  @Test
  void interruptedABackfillEndsQuietlyAndThenInTheSameBytes(@TempDir Path home) throws Exception {
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SimulatedNode.start(market, 0, 100_000);
        FaultyNode watched = new FaultyNode(node.url(), this::count)) {
      EndToEnd calm = undisturbed(home.resolve("calm"), market, node);

      Path stopped = home.resolve("stopped");
      EndToEnd cli = configured(stopped, market).node(node.url());
      interrupt(stopped, market, watched.url(), 18);
      assertThat(log(stopped))
          .doesNotContain(EndToEnd.CANARY, "\tat ", "Exception")
          .contains("interrupted: ", " blocks are stored, the last one is ", "next: run the same");
      assertThat(SmallMarket.objects(cli.store())).as("something was done before").isNotEmpty();
      cli.run("backfill --start-block " + market.startBlock()).done();
      cli.run("rollup --stuck").done();
      SmallMarket.assertSame(SmallMarket.objects(cli.store()), SmallMarket.objects(calm.store()));
    }
  }

  private static EndToEnd undisturbed(Path home, SimulatedMarket market, SimulatedNode node)
      throws IOException {
    EndToEnd calm = configured(home, market).node(node.url());
    calm.run("backfill --start-block " + market.startBlock()).done();
    calm.run("rollup --stuck").done();
    return calm;
  }

  private static EndToEnd configured(Path home, SimulatedMarket market) throws IOException {
    Files.createDirectories(home);
    return new EndToEnd(home).with("START_BLOCK", Long.toString(market.startBlock()));
  }

  /** The request that is waited for is answered only after the process is gone. */
  private boolean count(HttpExchange exchange, JsonNode request, FaultyNode node)
      throws IOException {
    Moment now = Objects.requireNonNull(moment.get());
    if (now.is(requests.incrementAndGet())) {
      now.reached().countDown();
      return FaultyNode.hang().spoil(exchange, request, node);
    }
    return false;
  }

  private void kill(Path home, SimulatedMarket market, String url, int at) throws Exception {
    Process process = startUntil(home, market, url, at);
    process.destroyForcibly().waitFor();
    assertThat(process.exitValue()).as("killed at request " + at).isEqualTo(137);
  }

  /** As Ctrl-C does. */
  private void interrupt(Path home, SimulatedMarket market, String url, int at) throws Exception {
    Process process = startUntil(home, market, url, at);
    try {
      assumeThat(ignoresInterrupts(process)).as("started with SIGINT ignored").isFalse();
      String pid = Long.toString(process.pid());
      assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(log(home)).isTrue();
      assertThat(process.exitValue()).as("interrupted at request " + at).isEqualTo(130);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** A process inherits from a shell's background job that it does not hear of Ctrl-C. */
  private static boolean ignoresInterrupts(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  private Process startUntil(Path home, SimulatedMarket market, String url, int at)
      throws Exception {
    Path cursor = home.resolve("store/state/cursor.json");
    Moment now = new Moment(at, cursor, new CountDownLatch(1));
    requests.set(0);
    moment.set(now);
    Process process = start(home, market, url);
    assertThat(now.reached().await(60, TimeUnit.SECONDS)).as(log(home)).isTrue();
    return process;
  }

  private static Process start(Path home, SimulatedMarket market, String url) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dindexer.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            "org.mor.throughput.cli.Main",
            "backfill",
            "--start-block",
            Long.toString(market.startBlock()));
    builder.environment().put("STORE", "file:store");
    builder.environment().put("START_BLOCK", Long.toString(market.startBlock()));
    builder.environment().put("BASE_RPC_URL", EndToEnd.keyed(url));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
    return builder.start();
  }

  private static String log(Path home) throws IOException {
    return Files.exists(home.resolve("log")) ? Files.readString(home.resolve("log")) : "";
  }
}
