package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.Worlds;

/** What clients hear of a chain that grows, over the real protocol. */
class LiveStreamTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private LiveWorld world;

  @BeforeEach
  void start() throws IOException {
    world = new LiveWorld(directory);
    world.step();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static List<String> names(List<JsonNode> messages) {
    return messages.stream()
        .filter(message -> message.has("event_name"))
        .map(
            message ->
                message.path("event_name").asText() + " " + message.path("commit_stage").asText())
        .toList();
  }

  @Test
  void aSessionIsToldOfAtEveryStageAndEachClientHearsItOnce() {
    try (Ears all = world.listen("/v1/ws");
        Ears safe = world.listen("/v1/ws?min_stage=safe");
        Ears last = world.listen("/v1/ws/sessions?min_stage=finalized")) {
      assertThat(all.next().path("mode").asText()).isEqualTo("snapshot");
      assertThat(safe.next().path("mode").asText()).isEqualTo("snapshot");
      world.chain.open(1, 2, 3, 1_001, 3_600).closed(1_003, 25_000, 300, 100, 200);
      world.head(1_001).head(1_003).head(1_003 + LiveWorld.SAFE_LAG);
      world.head(1_004 + LiveWorld.FINALIZED_LAG);

      List<String> heard = names(all.untilStage("finalized", 1_003));
      assertThat(heard)
          .containsSubsequence(
              "SessionOpened proposed",
              "BlockStage proposed",
              "SessionClosed proposed",
              "BlockStage safe",
              "BlockStage finalized");
      assertThat(heard).doesNotContain("SessionOpened safe", "SessionClosed finalized");
      assertThat(names(safe.untilStage("finalized", 1_003)))
          .containsOnlyOnce("SessionOpened safe", "SessionClosed safe")
          .doesNotContain("SessionOpened proposed", "SessionOpened finalized");
      last.next();
      JsonNode opened = last.event();
      JsonNode closed = last.event();
      assertThat(opened.path("event_name").asText()).isEqualTo("SessionOpened");
      assertThat(closed.path("event_name").asText()).isEqualTo("SessionClosed");
      assertThat(closed.path("commit_stage").asText()).isEqualTo("finalized");
      assertThat(closed.at("/payload/receipt/output_tokens").asLong()).isEqualTo(200);
      assertThat(closed.at("/payload/duration_seconds").asLong()).isEqualTo(120);
    }
  }

  @Test
  void numbersRiseAndAResumedClientHearsTheSameBytes() throws IOException {
    world.chain.open(1, 2, 3, 1_001, 3_600);
    world.chain.open(4, 2, 3, 1_002, 3_600);
    String first;
    List<String> live;
    try (Ears ears = world.listen("/v1/ws")) {
      ears.next();
      world.head(1_002);
      first = ears.text();
      live = List.of(ears.text(), ears.text());
    }
    long seqno = Ears.tree(first).path("server_seqno").asLong();
    world.restart();
    world.step();
    try (Ears ears = world.listen("/v1/ws?resume_from=" + seqno)) {
      JsonNode greeting = ears.next();
      assertThat(greeting.path("mode").asText()).isEqualTo("resume");
      assertThat(List.of(ears.text(), ears.text())).isEqualTo(live);
      long before = Ears.tree(live.get(1)).path("server_seqno").asLong();
      world.chain.open(5, 2, 3, 1_003, 3_600);
      world.head(1_003);
      for (JsonNode next : ears.untilStage("proposed", 1_003)) {
        if (next.has("server_seqno")) {
          assertThat(next.path("server_seqno").asLong()).isGreaterThan(before);
          before = next.path("server_seqno").asLong();
        }
      }
    }
  }

  @Test
  void aChainWithoutTheTagsHasStagesByTheNumberOfBlocks() throws Exception {
    LiveWorld.TaggedChain untagged =
        new LiveWorld.TaggedChain(LiveWorld.START) {
          @Override
          public BlockHeader head(HeadTag tag) {
            if (tag != HeadTag.LATEST) {
              throw new ChainUnavailableException("error -32602: no such tag");
            }
            return super.head(tag);
          }
        };
    Path own = Files.createDirectories(directory.resolve("own"));
    try (LiveWorld plain =
        new LiveWorld(own, untagged, new MemoryObjectStore(), LiveWorld.config(true, 100))) {
      assertThatThrownBy(plain::step).hasMessageContaining("no such tag");
      assertStagesByCount(plain.step());
    }
  }

  private static void assertStagesByCount(LiveWorld plain) throws Exception {
    try (Ears safe = plain.listen("/v1/ws/sessions?min_stage=safe");
        Ears last = plain.listen("/v1/ws?min_stage=finalized&events=SessionOpened,BlockStage")) {
      long lag = Worlds.settings().safetyLagBlocks();
      assertThat(plain.json("/v1/status").path("stages_by").asText()).isEqualTo("block count");
      plain.chain.open(1, 2, 3, 1_001, 360_000);
      plain.head(1_001).head(1_000 + lag);
      assertThat(plain.json("/v1/status").path("safe_block").asLong()).isEqualTo(1_000);
      plain.head(1_001 + lag);
      JsonNode opened = safe.event();
      assertThat(opened.path("block_number").asLong()).isEqualTo(1_001);
      assertThat(opened.path("commit_stage").asText()).isEqualTo("safe");
      plain.head(1_000 + 45 * lag);
      assertThat(plain.json("/v1/status").path("finalized_block").asLong()).isEqualTo(1_000);
      plain.head(1_001 + 45 * lag);
      assertThat(names(last.untilStage("finalized", 1_001)))
          .containsSubsequence("SessionOpened finalized", "BlockStage finalized");
    }
  }
}
