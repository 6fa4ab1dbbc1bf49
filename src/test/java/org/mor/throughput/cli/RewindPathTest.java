package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.rehearsal.ForkTruth;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.StoredRows;

/**
 * The recorded chain, indexed in several runs, and then the same chain after a reorganisation: what
 * becomes of cursor, coverage, kept blocks, generation and documents. The node's final block is 400
 * before the newest.
 */
class RewindPathTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = 37_000_000;
  private static final long HEAD = 37_008_700;
  private static final long SAFE = HEAD - 20;

  private Path home;
  private EndToEnd cli;

  @BeforeEach
  void indexedInSeveralRuns(@TempDir Path temp) throws IOException, InterruptedException {
    home = temp;
    try (ReplayNode node = ReplayNode.start("--head", Long.toString(HEAD - 3_000))) {
      cli =
          new EndToEnd(home)
              .with("START_BLOCK", Long.toString(START))
              .with("ENRICH_CLOSES_PER_RUN", "0")
              .node(node.url());
      cli.run("backfill --start-block " + START).done();
      for (long head = HEAD - 2_500; head <= HEAD - 500; head += 500) {
        node.head(head);
        cli.run("incremental").done();
      }
      for (long head = HEAD - 400; head <= HEAD; head += 100) {
        node.head(head);
        cli.run("incremental").done();
      }
    }
    assertThat(cursor().path("last_block").asLong()).isEqualTo(SAFE);
    assertThat(cursor().path("version").asInt()).isEqualTo(3);
    assertThat(cursor().has("generation")).isFalse();
    assertThat(kept()).contains(HEAD - 3_020, HEAD - 520, HEAD - 420, SAFE);
  }

  @Test
  void oneScheduledRunHealsWhatIsNotFinalYet() throws Exception {
    long above = HEAD - 250;
    ReplayNode.Fork reorganised = ReplayNode.Fork.make(home, above, 1);
    try (ReplayNode fork = ReplayNode.start(reorganised.recording())) {
      cli.node(fork.url());
      assertDoubted();

      JsonNode report = JSON.readTree(cli.run("incremental --json").done().out());

      long to = HEAD - 320;
      assertThat(report.path("rewind").toString())
          .isEqualTo("{\"generation\":1,\"fromBlock\":%d,\"toBlock\":%d}".formatted(SAFE, to));
      assertThat(report.path("scanned").path("last").asLong()).isEqualTo(SAFE);
      assertThat(report.path("rollup").path("skippedNewer").size()).isZero();
      assertFollowed(1, to, SAFE);
      JsonNode status = JSON.readTree(cli.run("status --json").done().out());
      assertThat(status.path("cursorOnChain").asText()).isEqualTo("yes");
      assertThat(status.path("lagBlocks").asLong()).isEqualTo(20);
      assertThat(cli.run("status").done().out())
          .contains("rewound    1 times, last to block " + to);
      assertThat(JSON.readTree(cli.run("incremental --json").done().out()).has("rewind")).isFalse();
      cli.run("rollup --stuck").done();
      assertAgrees(reorganised, status);
    }
  }

  @Test
  void aDeeperOneIsLeftToTheCommandAndDocumentsFollowAtOnce() throws Exception {
    long above = HEAD - 1_700;
    ReplayNode.Fork reorganised = ReplayNode.Fork.make(home, above, 1);
    try (ReplayNode fork = ReplayNode.start(reorganised.recording())) {
      cli.node(fork.url());
      assertDoubted();
      JsonNode before = cursor();
      long to = HEAD - 2_020;
      String command = "rewind --to-block " + to;

      cli.run("incremental")
          .failed(
              5,
              "Block " + SAFE + " has hash",
              "next: ",
              command + ", then indexer backfill --gaps and indexer rollup --stuck");
      cli.run("backfill --start-block " + START).failed(5, command);
      cli.run("rollup --stuck").failed(5, "next: indexer incremental");
      cli.run("rewind --to-block " + (to + 500)).failed(2, "next: indexer " + command);
      cli.run("rewind --to-block " + (SAFE + 1)).failed(2, "above the cursor's");
      cli.run("rewind --to-block " + (START - 2)).failed(2, "before the block");
      assertThat(cli.run(command + " --dry-run").done().out())
          .contains("would go back from block " + SAFE, "next: indexer " + command);
      assertThat(cursor()).isEqualTo(before);

      JsonNode report = JSON.readTree(cli.run(command + " --json").done().out());

      assertThat(report.path("generation").asInt()).isEqualTo(1);
      assertThat(report.path("forgotten").toString())
          .isEqualTo("[[%d,%d]]".formatted(to + 1, SAFE));
      assertThat(report.path("unchecked").isNull()).isTrue();
      cli.run("rollup").done();
      assertFollowed(1, to, to);
      cli.run("backfill --gaps").done();
      JsonNode published = JSON.readTree(cli.run("rollup --stuck --json").done().out());
      assertThat(published.path("skippedNewer").size()).isZero();
      assertFollowed(1, to, SAFE);
      assertThat(cli.run(command + " --dry-run").done().out()).contains("would go back");
      assertAgrees(reorganised, JSON.readTree(cli.run("status --json").done().out()));
    }
  }

  /** No row is suspect any more; rows and figures are those of the chain as it is now. */
  private void assertAgrees(ReplayNode.Fork reorganised, JsonNode status) throws IOException {
    assertThat(status.path("suspects").path("count").asInt(-1)).isZero();
    assertThat(rowsOf("closes")).anyMatch(line -> line.contains("\"retracted\":true"));
    ForkTruth.assertAgrees(new FileObjectStore(cli.store()), reorganised.truth());
  }

  private List<String> rowsOf(String kind) {
    return StoredRows.lines(new FileObjectStore(cli.store()), "raw/" + kind + "/");
  }

  /** Neither is it called proven, nor up to date. */
  private void assertDoubted() throws IOException {
    String status = cli.run("status").done().out();
    assertThat(status)
        .containsPattern("lag +unknown: block " + SAFE + ".*reorganised.*next: indexer incremental")
        .containsPattern("proof +in doubt");
    JsonNode json = JSON.readTree(cli.run("status --json").done().out());
    assertThat(json.path("cursorOnChain").asText()).isEqualTo("reorganised");
    assertThat(json.path("lagBlocks").isNull()).isTrue();
    assertThat(cli.run("status --metrics").done().out())
        .contains("throughput_cursor_on_chain{network=\"base\"} 0")
        .doesNotContain("throughput_cursor_lag_blocks", "throughput_proof_proven");
  }

  /** State and every document are of the generation, and of nothing that is gone. */
  private void assertFollowed(int generation, long to, long stands) throws IOException {
    assertThat(cursor().path("last_block").asLong()).isEqualTo(stands);
    assertThat(cursor().path("generation").asInt()).isEqualTo(generation);
    assertThat(cursor().path("rewinds").toString())
        .isEqualTo("[[%d,%d]]".formatted(generation, to));
    assertThat(cursor().has("rewind_to")).isFalse();
    JsonNode coverage = json("state/coverage.json");
    assertThat(coverage.path("generation").asInt()).isEqualTo(generation);
    assertThat(coverage.path("ranges").toString()).isEqualTo("[[%d,%d]]".formatted(START, stands));
    assertThat(coverage.path("hosts").toString()).isEqualTo("[\"127.0.0.1\"]");
    assertThat(json("state/proof.json").path("generation").asInt()).isEqualTo(generation);
    JsonNode summary = json("summary.json");
    assertThat(summary.path("rewind").toString())
        .isEqualTo("{\"generation\":%d,\"toBlock\":%d}".formatted(generation, to));
    List<String> documents = new ArrayList<>(List.of("summary.json"));
    summary.path("documents").fieldNames().forEachRemaining(documents::add);
    documents.remove("stuck-sessions.json"); // the chain is asked for it by rollup --stuck alone
    assertThat(documents).hasSizeGreaterThan(10);
    for (String document : documents) {
      assertThat(json(document).path("asOfBlock").asLong()).as(document).isEqualTo(stands);
      assertThat(json(document).path("generation").asInt()).as(document).isEqualTo(generation);
    }
  }

  private List<Long> kept() throws IOException {
    List<Long> kept = new ArrayList<>();
    json("state/coverage.json").path("kept").forEach(one -> kept.add(one.path(0).asLong()));
    return kept;
  }

  private JsonNode cursor() throws IOException {
    return json("state/cursor.json");
  }

  private JsonNode json(String key) throws IOException {
    return JSON.readTree(Files.readAllBytes(cli.store().resolve(key)));
  }
}
