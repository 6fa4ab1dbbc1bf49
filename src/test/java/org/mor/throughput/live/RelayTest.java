package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.live.Hooks.Answer;
import org.mor.throughput.live.Hooks.Hook;
import org.mor.throughput.relay.Relay;
import org.mor.throughput.testing.NodeTools;
import org.mor.throughput.testing.VirtualTime;

/** The webhook relay between a real live server and a real endpoint. */
class RelayTest {
  private static final String SECRET = "whsec_" + "A".repeat(42) + "==";
  private static final String PREVIOUS = "whsec_" + "Bb".repeat(20);
  private static final String OTHER = "whsec_" + "Cc".repeat(20);
  private static final String QUERY = "?min_stage=proposed&events=SessionOpened,SessionClosed";
  private static final Path TOOLS = Path.of("src/test/webhook-tools");

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final VirtualTime time =
      new VirtualTime(Instant.parse("2026-05-01T00:00:00Z"), pauses::add);
  private final List<Running> running = new ArrayList<>();
  private Supplier<Instant> clock = time::now;
  private LiveWorld world;
  private Hooks hooks;
  private Path state;
  private int opened;

  /** A relay in a thread of its own. */
  private static final class Running {
    private final FutureTask<Void> task;
    private final Thread thread;

    Running(Relay relay) {
      task =
          new FutureTask<>(
              () -> {
                try (relay) {
                  relay.run();
                }
                return null;
              });
      thread = new Thread(task, "relay");
      thread.setDaemon(true);
      thread.start();
    }

    void stop() {
      thread.interrupt();
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      assertThat(thread.isAlive()).as("runs 5 s after it was stopped").isFalse();
    }

    @Nullable Throwable failure() throws Exception {
      try {
        task.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        return e.getCause();
      }
      throw new AssertionError("it ended without a failure");
    }
  }

  @BeforeEach
  void start() throws IOException {
    world = new LiveWorld(directory.resolve("live"));
    world.step();
    hooks = new Hooks();
    state = directory.resolve("state");
    resumeFrom(0);
  }

  @AfterEach
  void stop() {
    running.forEach(Running::stop);
    hooks.close();
    world.close();
  }

  private void resumeFrom(long seqno) throws IOException {
    Files.createDirectories(state);
    Files.writeString(state.resolve("position"), seqno + "\n");
  }

  private Relay relay(String query, URI to, boolean allowPrivate) throws IOException {
    URI live = world.server.address();
    URI from = URI.create("ws" + live.toString().substring(4)).resolve("/v1/ws" + query);
    return relay(from, to, allowPrivate);
  }

  private Relay relay(URI from, URI to, boolean allowPrivate) throws IOException {
    return new Relay(
        new Relay.Parts(
            from,
            to,
            allowPrivate,
            state,
            Stream.of(SECRET, PREVIOUS)
                .map(secret -> Base64.getDecoder().decode(secret.substring(6)))
                .toList(),
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            clock,
            new Backoff(Duration.ofSeconds(10), Duration.ofHours(1), ceiling -> ceiling, time),
            new Backoff(
                Duration.ofMillis(1),
                Duration.ofMillis(20),
                ceiling -> ceiling,
                Sleeper.system())));
  }

  private Running run() throws IOException {
    Running relay = new Running(relay(QUERY, hooks.address(), true));
    running.add(relay);
    return relay;
  }

  /** Some sessions open, one a block. */
  private void open(int sessions) {
    for (int i = 0; i < sessions; i++) {
      opened++;
      world.chain.open(opened, opened % 3, opened % 2, LiveWorld.START + opened, 600);
      world.head(LiveWorld.START + opened);
    }
  }

  private static long block(Hook hook) {
    return hook.json().at("/data/block_number").asLong();
  }

  @Test
  void theMessagesOwnBytesAreDeliveredInOrder() throws Exception {
    try (Ears ears = world.listen("/v1/ws" + QUERY.replace("proposed", "finalized"))) {
      ears.next();
      Running relay =
          new Running(relay(QUERY.replace("proposed", "finalized"), hooks.address(), true));
      running.add(relay);
      open(20);
      world.head(LiveWorld.START + 21 + LiveWorld.FINALIZED_LAG);
      for (int i = 0; i < 20; i++) {
        String message = ears.text();
        while (!message.contains("event_name")) {
          message = ears.text();
        }
        JsonNode json = Ears.tree(message);
        Hook hook = hooks.next();
        assertThat(hook.id()).isEqualTo("msg_" + json.path("server_seqno"));
        assertThat(hook.body())
            .isEqualTo(
                "{\"type\":\"SessionOpened\",\"timestamp\":\"%s\",\"data\":%s}"
                    .formatted(Instant.ofEpochSecond(json.path("timestamp").asLong()), message));
        assertThat(json.path("commit_stage").asText()).isEqualTo("finalized");
        assertThat(hook.headers()).containsEntry("content-type", "application/json");
      }
    }
  }

  @Test
  void thePublicPackagesVerifyWebhooksWithEitherSecret() throws Exception {
    Path tools = NodeTools.install(TOOLS, "webhook-tools");
    List<String> node = List.of("node", "verify.mjs");
    List<String> python = List.of(python(tools), "verify.py");
    clock = Instant::now;
    run();
    open(2);
    List<Hook> taken = List.of(hooks.next(), hooks.next());
    Hook changed = new Hook(taken.get(0).headers(), taken.get(0).body().replace("}", ",\"x\":1}"));
    Hook moved = new Hook(taken.get(0).headers(), taken.get(1).body());
    List<Hook> all = List.of(taken.get(0), taken.get(1), changed, moved);
    for (List<String> verifier : List.of(node, python)) {
      for (String secret : List.of(SECRET, PREVIOUS)) {
        List<String> said = verified(tools, verifier, secret, all);
        assertThat(said.subList(0, 2)).containsExactly("SessionOpened", "SessionOpened");
        assertThat(said.subList(2, 4)).allMatch(line -> line.contains("No matching signature"));
      }
      assertThat(verified(tools, verifier, OTHER, all))
          .hasSize(4)
          .allMatch(line -> line.contains("No matching signature"));
    }
  }

  private static List<String> verified(
      Path tools, List<String> verifier, String secret, List<Hook> hooks) throws IOException {
    ObjectNode given = LiveWorld.JSON.createObjectNode().put("secret", secret);
    ArrayNode list = given.putArray("hooks");
    hooks.forEach(hook -> list.addPOJO(hook));
    NodeTools.Run run =
        NodeTools.run(
            tools, LiveWorld.JSON.writeValueAsString(given), verifier.toArray(String[]::new));
    assertThat(run.code()).as(run.errors()).isZero();
    return run.output().lines().toList();
  }

  /** A Python with what requirements.txt names, in the build folder. */
  private static String python(Path folder) throws IOException {
    Path interpreter = folder.resolve("venv/bin/python").toAbsolutePath();
    if (NodeTools.run(folder, "", interpreter.toString(), "-c", "import standardwebhooks").code()
        != 0) {
      NodeTools.Run made = NodeTools.run(folder, "", "python3", "-m", "venv", "venv");
      assumeTrue(made.code() == 0, () -> "skipped: there is no Python: " + made.errors());
      NodeTools.Run pip =
          NodeTools.run(
              folder,
              "",
              interpreter.toString(),
              "-m",
              "pip",
              "install",
              "--quiet",
              "--disable-pip-version-check",
              "--require-hashes",
              "-r",
              "requirements.txt");
      assumeTrue(pip.code() == 0, () -> "skipped: pip did not succeed: " + pip.errors());
    }
    return interpreter.toString();
  }

  @Test
  void theReceiverOfTheManualWorks() throws Exception {
    Path tools = NodeTools.install(TOOLS, "webhook-tools");
    Matcher code =
        Pattern.compile("```js\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/relay.md")));
    assertThat(code.find()).isTrue();
    Files.writeString(tools.resolve("manual.mjs"), code.group(1));
    ProcessBuilder builder = new ProcessBuilder("node", "manual.mjs").directory(tools.toFile());
    builder.environment().put("RELAY_SECRET", SECRET);
    builder.environment().put("PORT", "0");
    Process node = builder.redirectErrorStream(true).start();
    try (BufferedReader said = node.inputReader(UTF_8)) {
      String port = String.valueOf(said.readLine()).replace("listening on ", "");
      clock = Instant::now;
      URI receiver = URI.create("http://127.0.0.1:" + port);
      running.add(new Running(relay(QUERY, receiver, true)));
      open(1);
      assertThat(said.readLine()).matches("msg_[0-9]+ SessionOpened");
    } finally {
      node.destroy();
    }
  }

  @Test
  void whatIsNotTakenIsTriedAgainLaterAndLaterAndWhatFollowsWaits() throws Exception {
    hooks.answer(
        Answer.of(500),
        new Answer(302, Map.of("Location", hooks.address() + "/elsewhere"), () -> {}),
        new Answer(429, Map.of("Retry-After", "100"), () -> {}),
        new Answer(503, Map.of("Retry-After", "Fri, 01 May 2026 01:00:00 GMT"), () -> {}),
        Answer.of(404),
        Answer.of(200),
        Answer.of(500));
    run();
    open(2);
    List<Hook> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      attempts.add(hooks.next());
    }
    assertThat(attempts.subList(0, 6)).extracting(Hook::id).containsOnly(attempts.get(0).id());
    assertThat(attempts.subList(0, 6)).extracting(Hook::body).containsOnly(attempts.get(0).body());
    assertThat(attempts.get(6).id()).isEqualTo(attempts.get(7).id());
    assertThat(block(attempts.get(6))).isEqualTo(block(attempts.get(0)) + 1);
    long firstHour = 3_600 - 10 - 20 - 100;
    assertThat(pauses)
        .extracting(Duration::toSeconds)
        .containsExactly(10L, 20L, 100L, firstHour, 160L, 10L);
    long begin = Instant.parse("2026-05-01T00:00:00Z").getEpochSecond();
    assertThat(attempts)
        .extracting(hook -> Long.parseLong(hook.headers().get("webhook-timestamp")) - begin)
        .containsExactly(0L, 10L, 30L, 130L, 3_600L, 3_760L, 3_760L, 3_770L);
    assertThat(attempts)
        .extracting(h -> h.headers().get("webhook-signature"))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsNotTakenForADayIsADeadLetterThatCanBeSentAgain() throws Exception {
    hooks.always(Answer.of(500));
    Running relay = run();
    open(1);
    Hook first = hooks.next();
    while (Files.notExists(state.resolve("dead-letters.ndjson"))) {
      Hook attempt = hooks.left();
      assertThat(attempt == null ? first.id() : attempt.id()).isEqualTo(first.id());
    }
    hooks.always(Answer.of(200));
    open(1);
    Hook second = hooks.next();
    while (second.id().equals(first.id())) {
      second = hooks.next();
    }
    assertThat(pauses.subList(0, 10))
        .extracting(Duration::toSeconds)
        .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_280L, 2_560L, 3_600L);
    Duration slept = pauses.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(slept).isBetween(Duration.ofDays(1), Duration.ofHours(25));
    relay.stop();
    JsonNode dead = Ears.tree(Files.readString(state.resolve("dead-letters.ndjson")));
    assertThat(dead.path("id").asText()).isEqualTo(first.id());
    assertThat(dead.path("reason").asText()).isEqualTo("HTTP 500");
    hooks.answer(Answer.of(500));
    try (Relay again = relay(QUERY, hooks.address(), true)) {
      assertThat(again.replay()).as("left").isOne();
      assertThat(again.replay()).as("left").isZero();
      assertThat(again.replay()).as("left").isZero();
    }
    assertThat(List.of(hooks.next(), hooks.next()))
        .allSatisfy(
            hook -> {
              assertThat(hook.id()).isEqualTo(first.id());
              assertThat(hook.body()).isEqualTo(first.body());
            });
    assertThat(hooks.left()).isNull();
  }

  @Test
  void anEndpointThatIsGoneGetsNothingUntilItIsEnabled() throws Exception {
    hooks.answer(Answer.of(410));
    Running relay = run();
    open(1);
    Hook refused = hooks.next();
    assertThat(relay.failure())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("127.0.0.1 answered HTTP 410")
        .hasMessageContaining("--enable");
    try (Relay again = relay(QUERY, hooks.address(), true)) {
      assertThatThrownBy(again::run)
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("HTTP 410");
      assertThatThrownBy(again::replay).isInstanceOf(BadRequestException.class);
    }
    assertThat(hooks.left()).isNull();
    Relay enabled = relay(QUERY, hooks.address(), true);
    enabled.enable();
    running.add(new Running(enabled));
    assertThat(hooks.next().id()).isEqualTo(refused.id());
  }

  @Test
  void aChannelThatIsNotThereIsFinal() throws Exception {
    URI live = world.server.address();
    URI from =
        URI.create("ws" + live.toString().substring(4)).resolve("/v1/ws/none?min_stage=safe");
    Running relay = new Running(relay(from, hooks.address(), true));
    running.add(relay);
    assertThat(relay.failure())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("HTTP 404")
        .hasMessageContaining("next: ");
  }

  @Test
  void aRelayGoesOnWhereItEnded() throws Exception {
    Running relay = run();
    open(3);
    hooks.next();
    hooks.next();
    Hook last = hooks.next();
    while (!Files.readString(state.resolve("position")).contains(last.id().substring(4))) {
      Thread.onSpinWait();
    }
    relay.stop();
    open(2);
    world.restart();
    open(1);
    run();
    for (int i = 1; i <= 3; i++) {
      assertThat(block(hooks.next())).isEqualTo(block(last) + i);
    }
    assertThat(hooks.left()).isNull();
  }

  @Test
  void aServerThatGoesAwayIsConnectedAgain() throws Exception {
    run();
    open(1);
    long first = block(hooks.next());
    URI before = world.server.address();
    // Another one at the same port, over the same directory.
    world.restart(before.getPort());
    open(1);
    assertThat(block(hooks.next())).isEqualTo(first + 1);
  }

  @Test
  void aRelayThatIsKilledBeforeItWroteThatAWebhookWasTakenSendsTheSameAgain() throws Exception {
    Path killed = directory.resolve("killed");
    hooks.answer(
        Answer.of(200),
        new Answer(
            200,
            Map.of(),
            () -> {
              Files.createDirectories(killed);
              Files.copy(state.resolve("position"), killed.resolve("position"));
            }));
    Running relay = run();
    open(2);
    Hook first = hooks.next();
    Hook second = hooks.next();
    relay.stop();
    state = killed;
    run();
    Hook again = hooks.next();
    assertThat(again.id()).isEqualTo(second.id()).isNotEqualTo(first.id());
    assertThat(again.body()).isEqualTo(second.body());
  }

  @Test
  void lostEventsAreWrittenDown() throws Exception {
    resumeFrom(999_999_999);
    run();
    while (Files.notExists(state.resolve("gaps.ndjson"))) {
      Thread.onSpinWait();
    }
    JsonNode gap = Ears.tree(Files.readString(state.resolve("gaps.ndjson")));
    assertThat(gap.path("after_seqno").asLong()).isEqualTo(999_999_999);
    assertThat(gap.path("reason").asText()).isEqualTo("resume_from is in the future");
    open(1);
    assertThat(hooks.next().json().path("type").asText()).isEqualTo("SessionOpened");
  }

  @Test
  void aQueryThatTheServerRefusesEndsTheRelayWithItsWords() throws Exception {
    Running relay = new Running(relay("?events=TxnLog", hooks.address(), true));
    assertThat(relay.failure())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("event 'TxnLog' is not on this channel; accepted: SessionOpened");
  }

  @Test
  void privateAddressesAreNotReachedUnlessAllowed() throws Exception {
    URI local = URI.create("https://localhost:%d/x".formatted(hooks.address().getPort()));
    Running relay = new Running(relay(QUERY, local, false));
    running.add(relay);
    open(1);
    Path dead = state.resolve("dead-letters.ndjson");
    while (Files.notExists(dead)) {
      Thread.onSpinWait();
    }
    assertThat(Files.readString(dead)).contains("its address is not public", "--allow-private");
    assertThat(hooks.left()).isNull();
  }

  @Test
  void twoRelaysDoNotShareADirectory() throws Exception {
    run();
    assertThatThrownBy(() -> relay(QUERY, hooks.address(), true))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Another relay uses", "--state");
  }

  @Test
  void aRelayEndsAlthoughItsEndpointDoesNotAnswer() throws Exception {
    java.util.concurrent.CountDownLatch asked = new java.util.concurrent.CountDownLatch(1);
    Answer never = hooks.never();
    hooks.answer(
        new Answer(
            204,
            Map.of(),
            () -> {
              asked.countDown();
              never.first().run();
            }));
    Running relay = run();
    open(1);
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    relay.stop();
  }

  @Test
  void whatTheServerDroppedIsAskedForAgainAndWhatCameIsNotRepeated() throws Exception {
    String event =
        "{\"server_seqno\":%d,\"event_name\":\"SessionOpened\",\"timestamp\":1781920799}";
    String resume = "{\"type\":\"resume\",\"mode\":\"resume\"}";
    resumeFrom(5);
    try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      URI from = URI.create("ws://127.0.0.1:%d/?a=b".formatted(server.getLocalPort()));
      running.add(new Running(relay(from, hooks.address(), true)));
      try (Socket socket = server.accept()) {
        assertThat(upgraded(socket)).startsWith("GET /?a=b&resume_from=5 ");
        say(socket, resume);
        say(socket, event.formatted(8));
        say(socket, "{\"type\":\"through\",\"through_seqno\":9,\"dropped\":0}");
        say(socket, event.formatted(11));
        say(socket, "{\"type\":\"through\",\"through_seqno\":12,\"dropped\":1}");
        assertThat(hooks.next().id()).isEqualTo("msg_8");
        assertThat(hooks.next().id()).isEqualTo("msg_11");
        try (Socket again = server.accept()) {
          assertThat(upgraded(again)).startsWith("GET /?a=b&resume_from=9 ");
          say(again, resume);
          say(again, event.formatted(10));
          say(again, event.formatted(11));
          say(again, event.formatted(12));
          assertThat(hooks.next().id()).isEqualTo("msg_10");
          assertThat(hooks.next().id()).isEqualTo("msg_12");
        }
      }
    }
  }

  /** Accepts a WebSocket; the first line that was asked with. */
  private static String upgraded(Socket socket) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    String first = in.readLine();
    String accept = "";
    for (String line : in.lines().takeWhile(header -> !header.isEmpty()).toList()) {
      if (line.startsWith("Sec-WebSocket-Key: ")) {
        String key = line.substring(19) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(key.getBytes(UTF_8));
        accept = Base64.getEncoder().encodeToString(hash);
      }
    }
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n";
    socket.getOutputStream().write(answer.formatted(accept).getBytes(UTF_8));
    return first;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) text.length()});
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }
}
