package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeSession;

/** Reorganisations of 1 to 30 blocks while clients of every stage listen. */
class ReorganisationTest {
  private static final int DEEPEST = 30;

  /** Sessions stay in the list, so that no two have the same number. */
  private static final long NEVER = 900_000;

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  /** What a client believes after what it heard. */
  private static final class Believer {
    private final Map<Long, String> events = new LinkedHashMap<>();
    private int retractions;

    void hear(JsonNode message) {
      String name = message.path("event_name").asText();
      if (name.equals("SessionRetracted")) {
        retractions++;
        long of = message.at("/payload/retracted_seqno").asLong();
        assertThat(events.remove(of)).as("what is retracted was told: %s", message).isNotNull();
      } else if (name.startsWith("Session")) {
        events.put(message.path("server_seqno").asLong(), identity(message));
      }
    }
  }

  private static String identity(JsonNode message) {
    return "%s %s in %s at %s"
        .formatted(
            message.path("event_name").asText(),
            message.at("/payload/session_id").asText(),
            message.path("block_number").asLong(),
            message.path("log_index").asText());
  }

  /** What the chain says happened, without expiries. */
  private static List<String> truth(LiveWorld world, long until) {
    List<String> truth = new ArrayList<>();
    for (FakeSession session : world.chain.sessions()) {
      if (session.openBlock() > LiveWorld.START && session.openBlock() <= until) {
        truth.add("SessionOpened %s in %d".formatted(session.id().toHex(), session.openBlock()));
      }
      if (session.closeBlock() <= until) {
        truth.add("SessionClosed %s in %d".formatted(session.id().toHex(), session.closeBlock()));
      }
    }
    return truth.stream().sorted().toList();
  }

  private static List<String> told(Believer believer) {
    return believer.events.values().stream()
        .filter(event -> !event.startsWith("SessionExpired"))
        .map(event -> event.replaceFirst(" at .*", ""))
        .sorted()
        .toList();
  }

  @Test
  void everyClientEndsWithWhatTheChainSaysAndNoneOfALaterStageHearsOfAnOrphan() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    Set<String> orphans = new HashSet<>();
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      try (Ears proposed = world.listen("/v1/ws");
          Ears safe = world.listen("/v1/ws?min_stage=safe");
          Ears last = world.listen("/v1/ws?min_stage=finalized")) {
        long head = LiveWorld.START;
        for (int depth = 1; depth <= DEEPEST; depth++) {
          for (long grown = head + depth + 3; head < grown; ) {
            grow(world, ++head, random);
            if (random.nextInt(3) > 0) {
              world.head(head);
            }
          }
          world.head(head);
          orphans.addAll(reorganise(world, head - depth, head));
          world.head(head + depth % 2);
          head += depth % 2;
        }
        long end = head;
        world.head(end + LiveWorld.FINALIZED_LAG + 1).step();

        Believer first = believer(proposed, "finalized", end);
        assertThat(first.retractions).isGreaterThan(DEEPEST);
        assertThat(told(first)).isEqualTo(truth(world, end));
        for (Ears ears : List.of(safe, last)) {
          Believer believer = believer(ears, "finalized", end);
          assertThat(told(believer)).isEqualTo(truth(world, end));
          assertThat(believer.retractions).isZero();
        }
      }
    }
    assertThat(orphans).hasSizeGreaterThan(DEEPEST);
  }

  private static Believer believer(Ears ears, String stage, long block) {
    Believer believer = new Believer();
    ears.untilStage(stage, block).forEach(believer::hear);
    return believer;
  }

  private static void grow(LiveWorld world, long head, SplittableRandom random) {
    int user = world.chain.sessions().size();
    FakeSession session = world.chain.open(user, random.nextInt(3), 1, head, 360_000);
    if (random.nextInt(2) == 0) {
      session.closed(head + random.nextInt(1, 4), 20_000, 500, 10, 20);
    }
  }

  /** Blocks above {@code kept} are others: an open is missing or later, a close never happened. */
  private static Set<String> reorganise(LiveWorld world, long kept, long head) {
    Set<String> orphans = new HashSet<>();
    world.chain.forkedAbove(kept);
    for (FakeSession session : world.chain.sessions()) {
      if (session.openBlock() > kept && session.openBlock() <= head) {
        orphans.add(session.id().toHex());
        if (session.openBlock() % 3 == 0 || session.closeBlock() <= head) {
          session.opened(NEVER).reopened();
        } else {
          session.opened(Math.min(head, session.openBlock() + 1)).reopened();
        }
      } else if (session.closeBlock() > kept && session.closeBlock() <= head) {
        session.reopened();
      }
    }
    return orphans;
  }

  @Test
  void aDeepReorganisationTakesBackWhatWasSafe() throws IOException {
    try (LiveWorld world = new LiveWorld(directory);
        Ears safe = world.listen("/v1/ws/sessions?min_stage=safe");
        Ears last = world.listen("/v1/ws/sessions?min_stage=finalized")) {
      FakeSession session = world.chain.open(1, 1, 1, LiveWorld.START + 1, 360_000);
      world.head(LiveWorld.START + 1).head(LiveWorld.START + 1 + LiveWorld.SAFE_LAG);
      world.chain.without(session).forkedAbove(LiveWorld.START);
      world.head(LiveWorld.START + 2 + LiveWorld.SAFE_LAG);
      FakeSession other = world.chain.open(2, 1, 1, LiveWorld.START + 40, 360_000);
      world.head(LiveWorld.START + 41 + LiveWorld.FINALIZED_LAG);

      assertThat(safe.event().path("event_name").asText()).isEqualTo("SessionOpened");
      JsonNode retracted = safe.event();
      assertThat(retracted.path("event_name").asText()).isEqualTo("SessionRetracted");
      assertThat(retracted.at("/payload/reached_stage").asText()).isEqualTo("safe");
      assertThat(last.event().at("/payload/session_id").asText()).isEqualTo(other.id().toHex());
    }
  }

  @Test
  void aNodeThatLagsTakesNothingBack() throws IOException {
    try (LiveWorld world = new LiveWorld(directory);
        Ears ears = world.listen("/v1/ws/sessions")) {
      world.chain.open(1, 1, 1, LiveWorld.START + 1, 360_000);
      world.head(LiveWorld.START + 5).head(LiveWorld.START - 3).head(LiveWorld.START + 5);
      world.chain.open(2, 1, 1, LiveWorld.START + 6, 360_000);
      world.head(LiveWorld.START + 6);

      assertThat(ears.event().path("block_number").asLong()).isEqualTo(LiveWorld.START + 1);
      assertThat(ears.event().path("block_number").asLong()).isEqualTo(LiveWorld.START + 6);
    }
  }

  /** A chain that is reorganised between the logs of blocks and the headers in between. */
  private static final class ForkingChain extends LiveWorld.TaggedChain {
    private @Nullable FakeSession gone;

    ForkingChain() {
      super(LiveWorld.START);
    }

    @Override
    public Map<Long, BlockHeader> headers(Collection<Long> numbers) {
      FakeSession going = gone;
      if (going != null) {
        gone = null;
        forkedAbove(going.openBlock() - 1).without(going);
      }
      return super.headers(numbers);
    }
  }

  @Test
  void logsOfAChainThatIsLeftBeforeTheHeadersAreReadAreNotUsed() throws Exception {
    ForkingChain chain = new ForkingChain();
    try (LiveWorld world =
            new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100));
        Ears all = world.step().listen("/v1/ws")) {
      all.next();
      chain.gone = chain.open(1, 2, 3, 1_001, 3_600);
      chain.head(1_003);
      assertThatThrownBy(world::step).isInstanceOf(ChainReorganisedException.class);
      assertThat(chain.gone).isNull();
      world.step().head(1_004 + LiveWorld.FINALIZED_LAG);
      assertThat(all.untilStage("finalized", 1_003))
          .extracting(message -> message.path("event_name").asText())
          .doesNotContain("SessionOpened");
    }
  }

  @Test
  void aSessionThatExpiredIsNotToldOfAgainWhenItsCloseIsUndone() {
    Market market = new Market();
    Message.Draft opened =
        Message.Draft.of(
            EventName.SESSION_OPENED,
            Stage.PROPOSED,
            2_000,
            1,
            null,
            10_000,
            LiveWorld.JSON.createObjectNode().put("ends_at", 11_000),
            "0x" + "5".repeat(64));
    market.apply(opened);
    long later = 12_000;
    List<Market.Open> first = market.expired(later);
    assertThat(first).hasSize(1);
    Payloads payloads = new Payloads(true, true, UserPrivacy.plain());
    market.apply(payloads.expired(first.get(0), 2_001, later));
    market.undo(EventName.SESSION_CLOSED, opened.secret(), later);
    assertThat(market.expired(later)).isEmpty();
    market.undo(EventName.SESSION_EXPIRED, opened.secret(), later);
    assertThat(market.expired(later)).hasSize(1);
  }
}
