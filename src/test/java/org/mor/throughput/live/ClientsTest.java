package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.live.ClientPrograms.Kind;
import org.mor.throughput.live.ClientPrograms.Listener;
import org.mor.throughput.store.MemoryObjectStore;

/** The packages of {@code clients/} against the real server, over connections that break. */
class ClientsTest {
  private static final long LAST = 1_060;

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private LiveWorld world;
  private Relay relay;
  private volatile URI target;

  @BeforeEach
  void start() throws IOException {
    world = new LiveWorld(directory);
    world.step();
    target = world.server.address();
    relay = new Relay(() -> target);
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
    world.close();
  }

  private Listener listen(Kind kind, String options) throws IOException {
    return kind.listen(relay.address(), options);
  }

  /** Another server with the same numbers that has forgotten what it sent. */
  private void forget() throws IOException {
    world.close();
    world = new LiveWorld(directory, world.chain, world.store, LiveWorld.config(false, 100));
    world.step();
    target = world.server.address();
  }

  private static String identity(JsonNode event) {
    return "%s %s"
        .formatted(event.path("event_name").asText(), event.path("block_number").asText());
  }

  private static List<String> truth(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .boxed()
        .flatMap(
            block -> block % 2 == 0 ? named("SessionClosed", block) : named("SessionOpened", block))
        .toList();
  }

  private static java.util.stream.Stream<String> named(String event, long block) {
    return java.util.stream.Stream.of(event + " " + block);
  }

  /** A session opens in each odd block and closes in the next one. */
  private void grow(long first, long last) {
    for (long block = first; block <= last; block++) {
      if (block % 2 == 1) {
        int user = world.chain.sessions().size();
        world.chain.open(user, user % 3, 1, block, 36_000).closed(block + 1, 20_000, 500, 10, 20);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFinalEventIsTakenOnceWhileServersEndAndConnectionsBreak(Kind kind) throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    grow(1_001, LAST);
    try (Listener last =
            listen(kind, "{\"channel\":\"sessions\",\"min_stage\":\"finalized\"}").begun();
        Listener all = listen(kind, "{}").begun()) {
      for (long block = 1_001; block <= LAST + LiveWorld.FINALIZED_LAG; block++) {
        if (random.nextInt(25) == 0) {
          world.restart();
          target = world.server.address();
        } else if (random.nextInt(8) == 0) {
          relay.cut();
        }
        world.head(block);
      }
      world.step();
      List<JsonNode> heard = last.until(line -> identity(line).equals("SessionClosed " + LAST));
      assertThat(heard).noneMatch(line -> line.has("gap")).anyMatch(line -> line.has("retry"));
      heard.removeIf(line -> !line.has("event_name"));
      assertThat(heard.stream().map(ClientsTest::identity)).isEqualTo(truth(1_001, LAST));
      assertThat(heard).allMatch(line -> line.path("commit_stage").asText().equals("finalized"));

      String newest = world.json("/v1/status").path("newest_seqno").asText();
      List<JsonNode> every = all.until(line -> line.path("server_seqno").asText().equals(newest));
      every.removeIf(line -> !line.has("event_name"));
      List<Long> numbers = every.stream().map(line -> line.path("server_seqno").asLong()).toList();
      assertThat(numbers).isSorted().doesNotHaveDuplicates();
      assertThat(every.stream().map(ClientsTest::identity)).containsAll(truth(1_001, LAST));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPositionIsGoneOnFromAndAGapIsToldOf(Kind kind) throws Exception {
    grow(1_001, 1_010);
    String position;
    try (Listener first = listen(kind, "{\"channel\":\"sessions\"}").begun()) {
      world.head(1_004);
      assertThat(first.event().path("block_number").asLong()).isEqualTo(1_001);
      IntStream.range(0, 3).forEach(i -> first.event());
      position = first.ask("{\"position\":true}").asText();
      first.say("{\"close\":true}");
      assertThat(first.next("over").asBoolean()).isTrue();
    }
    world.head(1_006);
    String resuming = "{\"channel\":\"sessions\",\"resume_from\":%s}".formatted(position);
    try (Listener second = listen(kind, resuming)) {
      assertThat(identity(second.event())).isEqualTo("SessionOpened 1005");
      forget();
      JsonNode gap = second.next("gap");
      assertThat(gap.path("reason").asText()).isEqualTo("snapshot");
      assertThat(gap.at("/resume/reason").asText()).contains("older than the oldest message");
      assertThat(gap.at("/resume/snapshot/lifecycle/head_block").asLong()).isEqualTo(1_006);
      world.head(1_007);
      assertThat(identity(second.event())).isEqualTo("SessionOpened 1007");
    }
    try (Listener third = listen(kind, resuming)) {
      JsonNode gap = third.next("gap");
      assertThat(gap.path("after_seqno").asText()).isEqualTo(position);
      assertThat(gap.at("/resume/newest_seqno").asLong()).isGreaterThan(Long.parseLong(position));
    }
  }

  @ParameterizedTest
  @EnumSource
  void droppedMessagesAreToldOf(Kind kind) throws Exception {
    grow(1_001, 1_004);
    relay.changing(text -> text.replace("\"dropped\":0}", "\"dropped\":7}"));
    try (Listener listener = listen(kind, "{\"channel\":\"lifecycle\"}").begun()) {
      world.head(1_004);
      JsonNode gap = listener.next("gap");
      assertThat(gap.path("reason").asText()).isEqualTo("dropped");
      assertThat(gap.path("dropped").asInt()).isEqualTo(7);
      assertThat(gap.path("through_seqno").asLong())
          .isGreaterThan(gap.path("after_seqno").asLong());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalCarriesTheServersWords(Kind kind) throws Exception {
    String wrong = "event 'Nope' is not on this channel; accepted: SessionOpened, ";
    try (Listener listener = listen(kind, "{\"channel\":\"sessions\",\"events\":[\"Nope\"]}")) {
      JsonNode error = listener.until(line -> line.has("error")).get(0);
      assertThat(error.path("error").asText()).contains(wrong).contains("127.0.0.1");
      assertThat(error.path("name").asText()).isEqualTo("LiveError");
      assertThat(error.path("code").asInt()).isEqualTo(kind == Kind.NODE_EVENTS ? 400 : 1008);
    }
    try (Listener listener = listen(kind, "{\"channel\":\"blocks\"}")) {
      JsonNode error = listener.until(line -> line.has("error")).get(0);
      assertThat(error.path("error").asText()).contains("there is no such channel; accepted: ");
      assertThat(error.path("code").asInt()).isEqualTo(404);
    }
    grow(1_001, 1_012);
    String provider = world.chain.sessions().get(1).provider().toHex();
    try (Listener listener = listen(kind, "{\"channel\":\"sessions\"}").begun()) {
      listener.say("{\"subscribe\":{\"events\":[\"Nope\"]}}");
      assertThat(listener.next("error").asText()).contains(wrong);
      world.head(1_001);
      assertThat(identity(listener.event())).isEqualTo("SessionOpened 1001");
      listener.ask("{\"subscribe\":{\"providers\":[\"%s\"]}}".formatted(provider));
      relay.cut();
      world.head(1_012);
      List<JsonNode> heard = listener.until(line -> identity(line).equals("SessionClosed 1010"));
      heard.removeIf(line -> !line.has("event_name"));
      assertThat(heard.stream().map(ClientsTest::identity))
          .containsExactly(
              "SessionOpened 1003",
              "SessionClosed 1004",
              "SessionOpened 1009",
              "SessionClosed 1010");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePastGoesOverIntoThePresentWhereverItBreaks(Kind kind) throws Exception {
    grow(1, 1_000);
    world.close();
    Path other = Files.createDirectories(directory.resolve("other"));
    world = new LiveWorld(other, world.chain, new MemoryObjectStore(), LiveWorld.config(true, 100));
    world.step();
    target = world.server.address();
    String from = "{\"channel\":\"sessions\",\"from_block\":300,\"min_stage\":\"finalized\"}";
    try (Listener listener = listen(kind, from)) {
      String why = "run the indexer, then ask again";
      listener.until(line -> line.at("/retry/reason").asText().contains(why));
      AtomicInteger sent = new AtomicInteger();
      relay.changing(
          text -> {
            if (sent.incrementAndGet() % 12 == 0 && sent.get() < 120) {
              relay.cut();
            }
            return text;
          });
      world.index();
      List<JsonNode> heard = listener.until(line -> identity(line).equals("SessionClosed 900"));
      grow(1_001, LAST);
      for (long block = 1_001; block <= LAST + LiveWorld.FINALIZED_LAG + 1; block++) {
        world.head(block);
      }
      heard.addAll(listener.until(line -> identity(line).equals("SessionClosed " + LAST)));
      assertThat(heard).noneMatch(line -> line.has("gap"));
      heard.removeIf(line -> !line.has("event_name"));
      assertThat(heard.stream().map(ClientsTest::identity)).isEqualTo(truth(300, LAST));
      assertThat(heard.get(0).has("server_seqno")).isFalse();
      assertThat(heard.get(heard.size() - 1).has("server_seqno")).isTrue();
    }
  }

  /**
   * The next connection finds the blocks in the ring, and so begins its seam below the last one.
   */
  @ParameterizedTest
  @EnumSource
  void theLastStoredEventIsNotRepeatedWhereTheSeamWasNotHeard(Kind kind) throws Exception {
    grow(1, LAST);
    world.close();
    Path other = Files.createDirectories(directory.resolve("other"));
    world = new LiveWorld(other, world.chain, new MemoryObjectStore(), LiveWorld.config(true, 100));
    world.step();
    world.index();
    world.head(1_035);
    target = world.server.address();
    relay.changing(text -> text.contains("live_from") ? text.split("live_from", 2)[0] : text);
    String from = "{\"channel\":\"sessions\",\"from_block\":930,\"min_stage\":\"finalized\"}";
    try (Listener listener = listen(kind, from)) {
      List<JsonNode> heard = listener.until(line -> identity(line).equals("SessionOpened 975"));
      relay.changing(text -> text);
      relay.cut();
      world.head(LAST + LiveWorld.FINALIZED_LAG + 1);
      heard.addAll(listener.until(line -> identity(line).equals("SessionClosed " + LAST)));
      heard.removeIf(line -> !line.has("event_name"));
      assertThat(heard.stream().map(ClientsTest::identity)).isEqualTo(truth(930, LAST));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoTakesSlowlyLosesNothing(Kind kind) throws Exception {
    grow(1_001, LAST);
    String options = "{\"channel\":\"sessions\",\"max_queue\":4,\"held\":true}";
    try (Listener listener = listen(kind, options).begun()) {
      for (long block = 1_001; block <= LAST; block++) {
        world.head(block);
      }
      listener.say("{\"go\":true}");
      List<JsonNode> heard = listener.until(line -> identity(line).equals("SessionClosed " + LAST));
      heard.removeIf(line -> !line.has("event_name"));
      assertThat(heard.stream().map(ClientsTest::identity)).isEqualTo(truth(1_001, LAST));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOtherAnswersAreThereToo(Kind kind) throws Exception {
    try (Listener listener = listen(kind, "{}").begun()) {
      for (String name : List.of("status", "tps", "contention", "lifecycle", "health")) {
        String path = name.equals("health") ? "/health" : "/v1/" + name;
        JsonNode answer = listener.ask("{\"get\":\"%s\"}".formatted(name));
        assertThat(answer.toString().replace(".0,", ","))
            .isEqualTo(world.json(path).toString().replace(".0,", ","));
      }
      world.clock.addAndGet(61_000);
      JsonNode stale = listener.ask("{\"get\":\"health\"}");
      assertThat(stale.path("reason").asText()).contains("the chain was not read for 61 s");
      long head = world.chain.head(HeadTag.LATEST).number();
      assertThat(listener.ask("{\"get\":\"lifecycle\"}").path("head_block").asLong())
          .isEqualTo(head);
    }
    try (Listener alone = kind.listen("http://127.0.0.1:1", "{}")) {
      alone.say("{\"resume\":100}");
      assertThat(alone.next("error").asText()).contains("did not begin a stream in ");
      alone.say("{\"get\":\"tps\"}");
      assertThat(alone.next("error").asText()).contains("GET http://127.0.0.1:1/v1/tps: ");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODE_EVENTS", "PYTHON"})
  void theLinesOfTheReadmeRun(Kind kind) throws Exception {
    grow(1_001, 1_002);
    try (Listener lines = new Listener(readme(kind))) {
      assertThat(lines.line()).isEqualTo("the stream began: snapshot");
      world.head(1_002).head(1_003 + LiveWorld.SAFE_LAG);
      assertThat(lines.line()).matches("SessionOpened 1001 0x[0-9a-f]{64}");
      assertThat(lines.line()).matches("SessionClosed 1002 0x[0-9a-f]{64}");
    }
  }

  private List<String> readme(Kind kind) throws IOException {
    boolean isPython = kind == Kind.PYTHON;
    Path folder = isPython ? ClientPrograms.PYTHON : ClientPrograms.TYPESCRIPT;
    String text = Files.readString(folder.resolve("README.md"));
    String fence = isPython ? "```python\n" : "```js\n";
    int begin = text.indexOf(fence) + fence.length();
    String code = text.substring(begin, text.indexOf("```", begin));
    assertThat(code).contains("http://127.0.0.1:8700");
    Path program =
        isPython
            ? directory.resolve("readme.py")
            : ClientPrograms.nodeFolder().resolve("readme.mjs");
    Files.writeString(program, code.replace("http://127.0.0.1:8700", relay.address()));
    List<String> command =
        new ArrayList<>(isPython ? List.of(ClientPrograms.python()) : ClientPrograms.node(false));
    command.add(program.toString());
    return command;
  }
}
