package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.MarketEvent;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;

/** Bids, models and providers, as they come and go. */
class MarketChannelTest {
  private static final String PROVIDER = "0x00000000000000000000000000000000000000a1";
  private static final String OWNER = "0x00000000000000000000000000000000000000c3";
  private static final String MODEL = LiveWorld.word(0xb2).toHex();

  /** keccak256(0xa1 as an address ++ 0xb2 as a word ++ 7 as a word). */
  private static final String BID =
      "0xb1c7eab54c4adec3d66eec532e6b9d9126be00ff1fa4ae440d73477d4eb5986f";

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private final List<LogQuery> asked = new ArrayList<>();
  private LiveWorld world;

  @BeforeEach
  void start() throws IOException {
    LiveWorld.TaggedChain chain =
        new LiveWorld.TaggedChain(LiveWorld.START) {
          @Override
          public LogSlice logs(LogQuery query) {
            asked.add(query);
            return super.logs(query);
          }
        };
    world = new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100));
    world.step();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String said(JsonNode event) {
    JsonNode payload = event.path("payload");
    return "%s %s %s %s %s %s"
        .formatted(
            event.path("event_name").asText(),
            payload.path("provider").asText(),
            payload.path("model_id").asText(),
            payload.path("bid_id").asText(),
            payload.path("owner").asText(),
            event.path("log_index").asText());
  }

  private static final List<String> ALL =
      List.of(
          "BidPosted %s %s %s null 500".formatted(PROVIDER, MODEL, BID),
          "BidDeleted %s %s %s null 501".formatted(PROVIDER, MODEL, BID),
          "ModelRegistered null %s null %s 502".formatted(MODEL, OWNER),
          "ModelDeregistered null %s null %s 503".formatted(MODEL, OWNER),
          "ProviderRegistered %s null null null 504".formatted(PROVIDER),
          "ProviderDeregistered %s null null null 505".formatted(PROVIDER));

  @Test
  void theyAreToldOfAtEveryStageWithTheTimeOfTheirBlockAndWithoutMoreRequests() {
    world.market(1_002, 500);
    try (Ears now = world.listen("/v1/ws/market");
        Ears last = world.listen("/v1/ws/market?min_stage=finalized");
        Ears sessions = world.listen("/v1/ws/sessions")) {
      world.chain.open(1, 2, 3, 1_002, 3_600);
      world.head(1_004);
      assertThat(asked.stream().filter(query -> query.range().last() > LiveWorld.START)).hasSize(1);
      world.head(1_004 + LiveWorld.FINALIZED_LAG);
      for (Ears ears : List.of(now, last)) {
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
          JsonNode event = ears.event();
          heard.add(said(event));
          assertThat(event.path("timestamp").asLong()).isEqualTo(FakeChain.time(1_002));
        }
        assertThat(heard).isEqualTo(ALL);
      }
      assertThat(sessions.event().path("event_name").asText()).isEqualTo("SessionOpened");
    }
  }

  @Test
  void filtersAndRetractionsHoldForThemAndOnTheirChannelOnly() {
    try (Ears chosen = world.listen("/v1/ws/market?providers=" + PROVIDER);
        Ears models = world.listen("/v1/ws/market?events=ModelRegistered&models=" + MODEL);
        Ears sessions = world.listen("/v1/ws/sessions")) {
      world.market(1_002, 500);
      world.head(1_003);
      world.chain.forkedAbove(1_001).open(1, 2, 3, 1_004, 3_600);
      world.head(1_004);
      assertThat(said(chosen.event())).isEqualTo(ALL.get(0));
      assertThat(said(chosen.event())).isEqualTo(ALL.get(1));
      assertThat(said(chosen.event())).isEqualTo(ALL.get(4));
      assertThat(said(chosen.event())).isEqualTo(ALL.get(5));
      assertThat(chosen.event().at("/payload/retracts").asText()).isEqualTo("ProviderDeregistered");
      JsonNode registered = models.event();
      assertThat(said(registered)).isEqualTo(ALL.get(2));
      JsonNode retracted = models.event();
      assertThat(retracted.path("event_name").asText()).isEqualTo("SessionRetracted");
      assertThat(retracted.at("/payload/retracts").asText()).isEqualTo("ModelRegistered");
      assertThat(retracted.at("/payload/retracted_seqno"))
          .isEqualTo(registered.get("server_seqno"));
      assertThat(sessions.event().path("event_name").asText()).isEqualTo("SessionOpened");
    }
  }

  @Test
  void aMalformedLogIsLeftOutAndStopsNothing() {
    try (Ears ears = world.listen("/v1/ws")) {
      world.market("MarketplaceBidPosted(address,bytes32,uint256)", 1_001, 1, "0x01", 0xa1, 0xb2);
      world.market("MarketplaceBidPosted(address,bytes32,uint256)", 1_001, 2, "0x", 0xa1);
      world.market("ProviderRegistered(address)", 1_001, 3, "0x");
      world.chain.log(
          1_001, 4, "0x", MarketEvent.topics().get(4), Hash32.fromHex("0x" + "f".repeat(64)));
      world.market("ProviderRegistered(address)", 1_001, 5, "0x", 0xa1);
      world.head(1_001);
      JsonNode event = ears.event();
      assertThat(event.path("event_name").asText()).isEqualTo("ProviderRegistered");
      assertThat(event.path("log_index").asLong()).isEqualTo(5);
      world.head(1_002 + LiveWorld.FINALIZED_LAG);
      assertThat(ears.untilStage("finalized", 1_001)).isNotEmpty();
    }
  }

  @Test
  void theIndexerAsksAsItDid() {
    asked.clear();
    world.index();
    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(
            query ->
                assertThat(query.topic0())
                    .containsExactly(
                        SessionEvent.topics().get(0),
                        SessionEvent.topics().get(1),
                        Diamond.CUT_TOPIC));
  }

  @Test
  void aRestartKnowsThemAgain() throws IOException {
    world.market(1_002, 500);
    world.head(1_003);
    world.restart();
    world.chain.forkedAbove(1_001);
    try (Ears ears = world.listen("/v1/ws/market?events=BidPosted")) {
      world.head(1_004);
      assertThat(ears.event().at("/payload/retracts").asText()).isEqualTo("BidPosted");
      assertThat(said(ears.event())).isEqualTo(ALL.get(0));
    }
  }
}
