package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.store.MemoryObjectStore;

/** From stored rows into the present, without a gap or a repeat at the seam. */
class HistoryTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static LiveWorld.TaggedChain chain(long head, int sessions) {
    LiveWorld.TaggedChain chain = new LiveWorld.TaggedChain(head);
    for (int i = 0; i < sessions; i++) {
      long block = 10 + i * (head - 20) / sessions;
      chain.open(i, i % 4, i % 3, block, 3_600).closed(block + 7, 1_000, 100, 10, 10);
    }
    return chain;
  }

  private static String event(JsonNode message) {
    return "%s %s %s"
        .formatted(
            message.path("event_name").asText(),
            message.path("block_number").asText(),
            message.path("log_index").asText());
  }

  private static List<String> truth(LiveWorld world, long first, long last) {
    List<String> truth = new ArrayList<>();
    world
        .chain
        .sessions()
        .forEach(
            session -> {
              int nonce = world.chain.sessions().indexOf(session);
              if (session.openBlock() >= first && session.openBlock() <= last) {
                truth.add("SessionOpened %d %d".formatted(session.openBlock(), nonce * 2));
              }
              if (session.closeBlock() >= first && session.closeBlock() <= last) {
                truth.add("SessionClosed %d %d".formatted(session.closeBlock(), nonce * 2 + 1));
              }
            });
    return truth.stream().sorted().toList();
  }

  @Test
  void theStoreGoesOverIntoThePresentForEveryStage() throws IOException {
    try (LiveWorld world =
        new LiveWorld(
            directory, chain(5_000, 900), new MemoryObjectStore(), LiveWorld.config(true, 100))) {
      world.index();
      world.step();
      for (int i = 0; i < 30; i++) {
        world.chain.open(1_000 + i, 1, 1, 5_001 + i, 3_600).closed(5_010 + i, 1, 1, 1, 1);
      }
      world.head(5_020);
      for (Stage stage : Stage.WAITED_FOR) {
        try (Ears ears =
            world.listen("/v1/ws/sessions?from_block=700&min_stage=" + stage.label())) {
          assertThat(ears.next().path("mode").asText()).isEqualTo("history");
          List<JsonNode> past =
              ears.until(message -> message.path("type").asText().equals("live_from"));
          long seam = past.get(past.size() - 1).path("block_number").asLong();
          assertThat(past.subList(0, past.size() - 1))
              .isNotEmpty()
              .allMatch(message -> !message.has("server_seqno"))
              .allMatch(message -> message.path("commit_stage").asText().equals("finalized"));
          world.head(
              world.chain.head(org.mor.throughput.chain.ChainReader.HeadTag.LATEST).number() + 100);
          List<String> heard = new ArrayList<>();
          past.stream()
              .filter(message -> message.has("event_name"))
              .map(HistoryTest::event)
              .forEach(heard::add);
          assertThat(heard).hasSameElementsAs(truth(world, 700, seam)).doesNotHaveDuplicates();
          while (heard.size() < truth(world, 700, 5_039).size()) {
            JsonNode next = ears.event();
            if (!next.path("event_name").asText().equals("SessionExpired")) {
              assertThat(next.path("block_number").asLong()).isGreaterThan(seam);
              heard.add(event(next));
            }
          }
          assertThat(heard.stream().sorted().toList()).isEqualTo(truth(world, 700, 5_039));
        }
      }
    }
  }

  @Test
  void aStoreThatEndsBeforeTheStreamBeginsIsSaidToBeBehind() throws IOException {
    try (LiveWorld world =
            new LiveWorld(
                directory, chain(5_000, 9), new MemoryObjectStore(), LiveWorld.config(true, 100));
        Ears ears = world.step().listen("/v1/ws?from_block=1")) {
      ears.next();
      assertThat(ears.next().path("message").asText())
          .contains("the store ends at block -1", "run the indexer");
      assertThat(ears.closed()).startsWith("closed 1013");
    }
  }

  @Test
  void sessionsOfAStoreThatIsFarBehindAreNotSaidToExpire() throws IOException {
    LiveWorld.TaggedChain chain = new LiveWorld.TaggedChain(2_100);
    for (int i = 0; i < 4; i++) {
      chain.open(i, i, i, 1_900 + i, 48_000).closed(2_500 + i, 1_000, 100, 10, 10);
    }
    try (LiveWorld world =
        new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100))) {
      world.index();
      world.head(20_000).head(20_500);
      try (Ears ears = world.listen("/v1/ws?events=SessionExpired,BlockStage&resume_from=0")) {
        assertThat(ears.next().path("mode").asText()).isEqualTo("resume");
        assertThat(ears.untilStage("proposed", 20_500))
            .isNotEmpty()
            .noneMatch(message -> message.path("event_name").asText().equals("SessionExpired"));
      }
    }
  }
}
