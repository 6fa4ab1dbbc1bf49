package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** What an operator sees who asks for what cannot be done, or left a setting out. */
class RequestTroubleTest {
  private static SimulatedMarket market;
  private static SimulatedNode node;
  private EndToEnd cli;

  @BeforeAll
  static void startNode() {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void configure(@TempDir Path temp) {
    cli =
        new EndToEnd(temp).with("START_BLOCK", Long.toString(market.startBlock())).node(node.url());
  }

  @AfterEach
  void nothingIsWritten() {
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  @Test
  void missingSettingsAreNamedAllAtOnce() {
    cli.without("STORE").without("BASE_RPC_URL");
    cli.run("backfill --start-block 1").failed(2, "BASE_RPC_URL", "STORE", "next: ");
    cli.run("spot-check").failed(2, "BASE_RPC_URL", "next: ");
    cli.run("status").failed(2, "STORE", "next: ");
    cli.run("rollup").failed(2, "STORE", "next: ");
    cli.run("serve").failed(2, "STORE", "next: ");
  }

  @Test
  void wrongSettingsAreNamedAllAtOnceWithTheirValues() {
    cli.with("STORE", "ftp://x").with("NETWORK", "bass").with("MAX_BLOCKS_PER_RUN", "many");
    cli.with("LOG_LEVEL", "loud");
    cli.run("incremental").failed(2, "STORE", "ftp://x", "bass", "base-sepolia", "many", "loud");
  }

  @Test
  void aUrlThatIsNoneIsNotShown() {
    cli.with("BASE_RPC_URL", "htps://h.example.com/" + EndToEnd.CANARY);
    cli.run("incremental").failed(2, "BASE_RPC_URL", "next: ");
    cli.with("BASE_RPC_URL", "h.example.com/v2/" + EndToEnd.CANARY + " x");
    cli.run("incremental").failed(2, "BASE_RPC_URL", "next: ");
  }

  @Test
  void aNetworkWithoutAStartBlockAsksForOne() {
    cli.with("NETWORK", "base-sepolia").without("START_BLOCK");
    cli.run("rollup").failed(2, "START_BLOCK", "next: ");
  }

  @Test
  void anAddressWithoutCodeIsNeverProvenNorPublished() {
    cli.with("DIAMOND_ADDRESS", "0x00000000000000000000000000000000000000d1");
    for (String command :
        List.of(
            "backfill --start-block " + market.startBlock(),
            "incremental",
            "enrich-closes",
            "spot-check")) {
      cli.run(command)
          .failed(
              2,
              "no contract in block %d, the newest one, says 127.0.0.1".formatted(market.head()),
              "0x00000000000000000000000000000000000000d1",
              "next: check DIAMOND_ADDRESS and NETWORK");
    }
    EndToEnd.Ended status = cli.run("status");
    assertThat(status.code()).isEqualTo(2);
    assertThat(status.err()).contains("error: ", "no contract in block");
    assertThat(status.out()).contains("proof      not run");
  }

  @Test
  void rangesThatCannotBe() {
    cli.run("backfill --start-block 9 --end-block 8").failed(2, "--end-block 8 is before");
    cli.run("backfill --start-block " + (market.head() + 1_000))
        .failed(2, Long.toString(market.head()), "earlier start block");
    cli.run("enrich-closes --partition 2026-13").failed(2, "'2026-13' is not a month", "next: ");
  }

  @Test
  void aPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      cli.run("serve --port " + taken.getLocalPort())
          .failed(2, Integer.toString(taken.getLocalPort()), "--port");
    }
  }
}
