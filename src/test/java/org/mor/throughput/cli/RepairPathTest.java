package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.StoredRows;

/** What an operator sees of the completeness proof and of repair, over HTTP and with files. */
class RepairPathTest {
  private final SimulatedMarket market = SmallMarket.create();
  private final SimulatedNode node = SmallMarket.serve(market);
  private EndToEnd cli;

  @BeforeEach
  void configure(@TempDir Path temp) {
    cli =
        new EndToEnd(temp).with("START_BLOCK", Long.toString(market.startBlock())).node(node.url());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aMissingRowIsNamedFoundAndReadAgain() throws IOException {
    String backfill = "backfill --start-block " + market.startBlock();
    assertThat(cli.run(backfill).done().out()).contains("completeness of opens: proven, ");
    cli.run("rollup --stuck").done();
    Map<String, String> whole = SmallMarket.objects(cli.store());
    assertThat(cli.run("repair").done().out()).contains("nothing is missing");

    StoredRows.dropOpen(new FileObjectStore(cli.store()), 17);
    StoredRows.dropClose(new FileObjectStore(cli.store()), 3);
    assertThat(cli.run("rollup --stuck").done().out()).contains("gap at nonce 17");
    JsonNode status = parse(cli.run("status --json").done().out());
    assertThat(status.path("proof").path("state").asText()).isEqualTo("gap at nonce 17");
    assertThat(status.path("proof").path("nonce").asInt()).isEqualTo(17);
    Map<String, String> before = SmallMarket.objects(cli.store());

    EndToEnd.Ended dry = cli.run("repair --dry-run");
    assertThat(dry.code()).isEqualTo(1);
    assertThat(dry.out())
        .contains("gap at nonce 17", "missing: 1 opens and 1 closes", "would read again 2 blocks");
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);

    JsonNode repaired = parse(cli.run("repair --json").done().out());
    assertThat(repaired.path("rowsAdded").asInt()).isEqualTo(2);
    assertThat(repaired.path("before").path("state").asText()).isEqualTo("gap at nonce 17");
    assertThat(repaired.path("after").path("state").asText()).isEqualTo("proven");
    assertThat(repaired.path("remains").asBoolean()).isFalse();
    assertThat(repaired.path("rpc").path("calls").path("eth_getLogs").asInt()).isEqualTo(2);

    cli.run("rollup --stuck").done();
    assertThat(cli.run("status").done().out()).contains("proof      proven, ");
    Map<String, String> after = new TreeMap<>(SmallMarket.objects(cli.store()));
    // The cells of the month without its row stay, though nothing names them: nothing is deleted.
    after
        .keySet()
        .removeIf(key -> key.startsWith("rollup/performance/") && !whole.containsKey(key));
    SmallMarket.assertSame(after, whole);
  }

  @Test
  void withoutRowsOrAnEndpointThereIsNothingToRepair() {
    cli.run("repair").failed(2, "no cursor", "backfill");
    cli.without("BASE_RPC_URL").run("repair").failed(2, "BASE_RPC_URL");
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }
}
