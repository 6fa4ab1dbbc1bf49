package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.store.MemoryObjectStore;
import wiremock.com.networknt.schema.InputFormat;
import wiremock.com.networknt.schema.JsonSchemaFactory;
import wiremock.com.networknt.schema.SpecVersion.VersionFlag;

/** What clients may say and what they hear of it, over real sockets. */
class ProtocolTest {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

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

  private void busy() {
    for (int i = 0; i < 40; i++) {
      world
          .chain
          .open(i, i % 3, i % 2, 1_001, 60 + i % 2 * 36_000)
          .closed(1_004, 20_000, 300, 5, 9);
    }
    world.chain.open(90, 1, 1, 1_002, 60);
    world.market(1_002, 500);
    world.head(1_002).head(1_003).head(1_005);
  }

  @Test
  void everyMessageFitsItsSchema() throws IOException {
    try (Ears ears = world.listen("/v1/ws")) {
      busy();
      world.chain.forkedAbove(1_001);
      world.head(1_006).head(1_004 + LiveWorld.SAFE_LAG).head(1_010 + LiveWorld.FINALIZED_LAG);
      List<JsonNode> all = ears.untilStage("finalized", 1_006);
      List<String> seen = new ArrayList<>();
      for (JsonNode message : all) {
        if (message.has("event_name")) {
          String name = message.path("event_name").asText();
          seen.add(name);
          assertThat(faults(name, message)).as(message.toString()).isEmpty();
          ((com.fasterxml.jackson.databind.node.ObjectNode) message.path("payload"))
              .put("surprise", 1);
          assertThat(faults(name, message)).isNotEmpty();
        }
      }
      for (EventName name : EventName.values()) {
        assertThat(seen).contains(name.text());
      }
    }
  }

  private static List<String> faults(String name, JsonNode message) throws IOException {
    String schema = Files.readString(Path.of("docs/live", name + ".schema.json"));
    return SCHEMAS.getSchema(schema).validate(message.toString(), InputFormat.JSON).stream()
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense|this is not JSON; accepted: {\"subscribe\": {...}}",
        "[1]|this message is not understood",
        "{\"unsubscribe\":{}}|this message is not understood",
        "{\"subscribe\":[]}|subscribe must be an object; accepted: events, min_stage, models",
        "{\"subscribe\":{\"event\":[]}}|unknown field 'event'; accepted: events, min_stage",
        "{\"subscribe\":{\"events\":[\"TxnLog\"]}}|event 'TxnLog' is not on this channel; accepted: SessionOpened, SessionClosed",
        "{\"subscribe\":{\"events\":[\"Throughput\"]}}|event 'Throughput' is not on this channel",
        "{\"subscribe\":{\"events\":[\"<b>\"]}}|event (not shown) is not on this channel",
        "{\"subscribe\":{\"events\":[]}}|events is empty; accepted: SessionOpened",
        "{\"subscribe\":{\"min_stage\":\"Final\"}}|min_stage 'Final' is not accepted; accepted: proposed, safe, finalized",
        "{\"subscribe\":{\"min_stage\":\"rejected\"}}|min_stage 'rejected' is not accepted",
        "{\"subscribe\":{\"providers\":[\"0x12\"]}}|providers: '0x12' is not accepted; accepted: 0x and 40 hex digits",
        "{\"subscribe\":{\"models\":\"0x12\"}}|models must be a list of at most 100 texts"
      })
  void aWrongSubscriptionIsAnsweredWithWhatIsAccepted(String said, String answer) {
    try (Ears ears = world.listen("/v1/ws/sessions")) {
      ears.next();
      ears.say(said);
      JsonNode error = ears.next();
      assertThat(error.path("type").asText()).isEqualTo("error");
      assertThat(error.path("message").asText()).contains(answer);
      world.chain.open(1, 1, 1, 1_001, 60);
      world.head(1_001);
      assertThat(ears.event().path("event_name").asText()).isEqualTo("SessionOpened");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min_stage=final|min_stage 'final' is not accepted",
        "resume_from=-1|resume_from is not accepted; accepted: a whole number",
        "resume_from=1&from_block=1|exclude each other",
        "evnts=SessionOpened|unknown field 'evnts'; accepted: events, from_block",
        "events=BlockStage|event 'BlockStage' is not on this channel"
      })
  void aWrongQueryIsAnsweredOnBothKindsOfChannels(String query, String answer) throws Exception {
    try (Ears ears = world.listen("/v1/ws/sessions?" + query)) {
      assertThat(ears.next().path("message").asText()).contains(answer);
      assertThat(ears.closed()).startsWith("closed 1008");
    }
    HttpResponse<String> refused = world.get("/v1/sse/sessions?" + query);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(answer);
  }

  @Test
  void aSubscriptionNarrows() {
    try (Ears ears = world.listen("/v1/ws")) {
      ears.next();
      String provider = world.chain.open(1, 2, 3, 1_001, 60).provider().toHex();
      ears.say(
          "{\"subscribe\":{\"events\":[\"SessionOpened\"],\"providers\":[\"%s\"]}}"
              .formatted(provider));
      JsonNode answer = ears.next();
      assertThat(answer.path("type").asText()).isEqualTo("subscribed");
      assertThat(answer.at("/subscription/providers/0").asText()).isEqualTo(provider);
      world.chain.open(1, 1, 3, 1_001, 60);
      world.head(1_001);
      assertThat(ears.event().at("/payload/provider").asText()).isEqualTo(provider);
      world.chain.open(3, 2, 3, 1_002, 60);
      world.head(1_002);
      assertThat(ears.event().path("block_number").asLong()).isEqualTo(1_002);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/ws/blocks", "/v1/sse/blocks", "/v1/ws/", "/v1/sse/sessions/x"})
  void anUnknownChannelIsAnsweredWithThoseThereAre(String path) throws Exception {
    HttpResponse<String> answer = world.get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .contains("/sessions, ", "/throughput, ", "/contention, ", "/lifecycle");
  }

  @ParameterizedTest
  @CsvSource({"999999999,in the future", "0,"})
  void aClientThatCannotResumeGetsASnapshot(long from, String reason) {
    try (Ears ears = world.listen("/v1/ws?resume_from=" + from)) {
      JsonNode first = ears.next();
      if (reason == null) {
        assertThat(first.path("mode").asText()).isEqualTo("resume");
        return;
      }
      assertThat(first.path("mode").asText()).isEqualTo("snapshot");
      assertThat(first.path("reason").asText()).contains(reason);
      assertThat(first.at("/snapshot/lifecycle/head_block").asLong()).isEqualTo(LiveWorld.START);
      assertThat(first.at("/snapshot/throughput/windows/24h").isObject()).isTrue();
      assertThat(first.at("/snapshot/contention/providers").isArray()).isTrue();
    }
  }

  @Test
  void whatIsTooLongOrNoTextEndsTheConnectionWithTheReason() {
    try (Ears ears = world.listen("/v1/ws")) {
      ears.socket().sendText("x".repeat(20_000), true).join();
      assertThat(ears.closed()).startsWith("closed 1009");
    }
    try (Ears ears = world.listen("/v1/ws")) {
      // It is ended while it still sends, and may hear of a broken connection only.
      ears.socket().sendText("x".repeat(1 << 20), true).exceptionally(gone -> null).join();
      assertThat(ears.closed()).startsWith("closed ");
    }
    try (Ears ears = world.listen("/v1/ws")) {
      ears.socket().sendBinary(java.nio.ByteBuffer.wrap(new byte[3]), true).join();
      assertThat(ears.closed()).startsWith("closed 1003 text only");
    }
    try (Ears ears = world.listen("/v1/ws")) {
      for (int i = 0; i < 70; i++) {
        ears.socket().sendText("{}", true).exceptionally(gone -> null).join();
      }
      assertThat(ears.closed()).startsWith("closed 1008 more than 60 messages in a minute");
    }
  }

  private InputStream events(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(world.server.address().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    return response.body();
  }

  @Test
  void serverSentEventsAreTheSameAndResumeByTheirIds() throws Exception {
    String id;
    String second;
    try (Ears ears = world.listen("/v1/ws/sessions");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(events("/v1/sse/sessions"), UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: {\"type\":\"resume\"");
      assertThat(lines.readLine()).isEmpty();
      ears.next();
      busy();
      String text = ears.text();
      id = Ears.tree(text).path("server_seqno").asText();
      assertThat(lines.readLine()).isEqualTo("id: " + id);
      assertThat(lines.readLine()).isEqualTo("data: " + text);
      second = ears.text();
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(events("/v1/sse/sessions", "Last-Event-ID", id), UTF_8))) {
      assertThat(lines.readLine()).contains("\"mode\":\"resume\"");
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).startsWith("id: ");
      assertThat(lines.readLine()).isEqualTo("data: " + second);
    }
  }

  @Test
  void usersAndSessionsStayInTheProcessUnlessTheyAreToBeShown() throws Exception {
    world.close();
    world = new LiveWorld(directory, world.chain, world.store, LiveWorld.config(false, 100));
    world.step();
    try (Ears ears = world.listen("/v1/ws")) {
      busy();
      world.chain.forkedAbove(1_001);
      world.head(1_006).head(1_010 + LiveWorld.FINALIZED_LAG);
      StringBuilder all = new StringBuilder();
      ears.untilStage("finalized", 1_006).forEach(all::append);
      for (String path : List.of("/v1/status", "/v1/tps", "/v1/contention", "/v1/lifecycle")) {
        all.append(world.get(path).body());
      }
      world
          .chain
          .sessions()
          .forEach(session -> assertThat(all).doesNotContain(session.id().toHex()));
      assertThat(all).doesNotContain("\"user\"", "\"session_id\"").contains("\"tx_hash\":null");
      assertThat(all.toString().replace("\"tx_hash\":null", "")).doesNotContain("tx_hash");
    }
    try (Ears ears = world.listen("/v1/ws?resume_from=0")) {
      assertThat(ears.next().path("mode").asText())
          .as("what was shown before")
          .isEqualTo("snapshot");
    }
  }

  @Test
  void theRestOfTheServerIsThereToo() throws Exception {
    busy();
    JsonNode status = world.json("/v1/status");
    assertThat(status.path("head_block").asLong()).isEqualTo(1_005);
    assertThat(status.path("newest_seqno").asLong()).isPositive();
    assertThat(status.path("stages_by").asText()).isEqualTo("tags");
    assertThat(status.path("source").asText()).isEqualTo("polling");
    assertThat(world.json("/v1/tps").at("/windows/24h/sessions_closed").asLong()).isEqualTo(40);
    assertThat(world.json("/v1/tps").at("/windows/1h/tps_median").asDouble()).isEqualTo(20);
    assertThat(world.json("/v1/lifecycle").path("blocks")).isNotEmpty();
    assertThat(world.json("/v1/contention").path("providers")).isEmpty();
    assertThat(world.get("/health").statusCode()).isEqualTo(200);
    assertThat(world.get("/openapi.json").statusCode()).isEqualTo(200);
    world.clock.addAndGet(61_000);
    HttpResponse<String> stale = world.get("/health");
    assertThat(stale.statusCode()).isEqualTo(503);
    assertThat(stale.body()).contains("the chain was not read for 61 s");
  }

  @Test
  void oneAddressHasSoManyStreamsAndABelievedProxyTellsItsClientsApart() throws Exception {
    world.close();
    Path other = Files.createDirectories(directory.resolve("other"));
    world = new LiveWorld(other, world.chain, new MemoryObjectStore(), LiveWorld.config(true, 2));
    world.step();
    try (Ears one = world.listen("/v1/ws");
        Ears two = world.listen("/v1/ws")) {
      one.next();
      two.next();
      assertThatThrownBy(() -> world.listen("/v1/ws")).isInstanceOf(CompletionException.class);
      HttpResponse<String> refused = world.get("/v1/sse");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("accepted: 2 at a time");
    }
    world.close();
    world =
        new LiveWorld(
            other, world.chain, new MemoryObjectStore(), LiveWorld.config(true, 1, "127.0.0.1"));
    world.step();
    try (InputStream one = events("/v1/sse", "X-Forwarded-For", "6.6.6.6, 1.2.3.4");
        InputStream two = events("/v1/sse", "X-Forwarded-For", "1.2.3.5")) {
      assertThat(one.read()).isEqualTo('d');
      assertThat(two.read()).isEqualTo('d');
      HttpRequest again =
          HttpRequest.newBuilder(world.server.address().resolve("/v1/sse"))
              .header("X-Forwarded-For", "9.9.9.9, 1.2.3.4")
              .build();
      assertThat(HttpClient.newHttpClient().send(again, BodyHandlers.ofString()).statusCode())
          .as("what a client wrote itself is not believed")
          .isEqualTo(429);
    }
  }

  @Test
  void connectionsWithoutARequestAreBounded() throws Exception {
    world.close();
    Path own = Files.createDirectories(directory.resolve("own"));
    world = new LiveWorld(own, world.chain, new MemoryObjectStore(), LiveWorld.config(true, 1));
    world.step();
    int port = world.server.address().getPort();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 10_000; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        if (i < 31) {
          sockets.add(socket);
          assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK"); // Idle from here on.
          if (i % 2 == 0) { // And half of them never finish their handshake.
            socket.getOutputStream().write("GET /v1/ws HTTP/1.1\r\nUpgra".getBytes(UTF_8));
          }
        } else {
          socket.setSoTimeout(20_000);
          assertThat(hasEnded(socket)).as("connection %d", i).isTrue();
          socket.close();
        }
      }
      for (Socket socket : sockets) {
        socket.setSoTimeout(1);
        assertThat(hasEnded(socket)).isFalse();
      }
      try (Socket other = // Of another address.
          new Socket(
              InetAddress.getLoopbackAddress(), port, InetAddress.getByName("127.0.0.2"), 0)) {
        assertThat(status(other)).isEqualTo("HTTP/1.1 200 OK");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** The first line of an answer. */
  private static String status(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
    return new String(socket.getInputStream().readNBytes(15), UTF_8);
  }

  private static boolean hasEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
