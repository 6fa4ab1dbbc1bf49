package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.config.Config;
import org.mor.throughput.session.UserPrivacy;

/** A node that tells of new blocks, closes, refuses or is not there. */
class DoorbellTest {
  private static final String CONTRACT = "0x6abe1d282f72b474e54527d93b979a4f64d3030a";

  /** A node's WebSocket, which answers what it is sent in a test's words. */
  private static final class Node implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final BlockingQueue<CoreSession> sessions = new LinkedBlockingQueue<>();

    Node(BiConsumer<CoreSession, String> answer) throws Exception {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      WebSocketMappings mappings = new WebSocketMappings();
      server.setHandler(
          new org.eclipse.jetty.server.Handler.Abstract() {
            @Override
            public boolean handle(
                org.eclipse.jetty.server.Request request,
                org.eclipse.jetty.server.Response response,
                Callback callback) {
              return mappings.upgrade(
                  (asked, given, done) -> new Line(answer, sessions),
                  request,
                  response,
                  callback,
                  null);
            }
          });
      server.start();
    }

    URI url() {
      return URI.create("ws://127.0.0.1:%d/key".formatted(connector.getLocalPort()));
    }

    CoreSession session() throws InterruptedException {
      return Objects.requireNonNull(sessions.poll(20, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Line(BiConsumer<CoreSession, String> answer, BlockingQueue<CoreSession> sessions)
      implements org.eclipse.jetty.websocket.core.FrameHandler {
    private static final java.util.Map<Line, CoreSession> OPEN =
        new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public void onOpen(CoreSession session, Callback callback) {
      sessions.add(session);
      callback.succeeded();
      session.demand();
      OPEN.put(this, session);
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      CoreSession session = Objects.requireNonNull(OPEN.get(this));
      if (frame.getOpCode() == OpCode.TEXT) {
        answer.accept(session, frame.getPayloadAsUTF8());
      }
      callback.succeeded();
      session.demand();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
      callback.succeeded();
    }
  }

  private static void say(CoreSession session, String text) {
    session.sendFrame(new Frame(OpCode.TEXT, text), Callback.NOOP, false);
  }

  private static void accept(CoreSession session, String said) {
    assertThat(said).contains("eth_subscribe");
    say(session, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
  }

  private static final String NEWS =
      "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0x1\",\"result\":{}}}";

  @Test
  void itRingsForEveryNotificationAndConnectsAgainWhenTheNodeCloses() throws Exception {
    BlockingQueue<String> rings = new LinkedBlockingQueue<>();
    try (Node node = new Node(DoorbellTest::accept);
        Doorbell doorbell = new Doorbell(node.url(), CONTRACT, () -> rings.add("ring")).start()) {
      CoreSession first = node.session();
      say(first, NEWS);
      assertThat(rings.poll(20, TimeUnit.SECONDS)).isEqualTo("ring");
      assertThat(doorbell.trouble()).isNull();
      first.close(1001, "ten seconds are over", Callback.NOOP);
      assertThat(rings.poll(20, TimeUnit.SECONDS))
          .as("look, for nobody tells now")
          .isEqualTo("ring");
      assertThat(doorbell.trouble()).isEqualTo("closed by the node with code 1001");
      say(node.session(), NEWS);
      assertThat(rings.poll(20, TimeUnit.SECONDS)).isEqualTo("ring");
    }
  }

  @Test
  void aRefusedSubscriptionIsSaid() throws Exception {
    BlockingQueue<String> rings = new LinkedBlockingQueue<>();
    try (Node node =
            new Node((session, said) -> say(session, "{\"id\":1,\"error\":{\"code\":-32601}}"));
        Doorbell doorbell = new Doorbell(node.url(), CONTRACT, () -> rings.add("ring")).start()) {
      assertThat(rings.poll(20, TimeUnit.SECONDS)).isEqualTo("ring");
      assertThat(doorbell.trouble()).isEqualTo("eth_subscribe was refused");
    }
  }

  @Test
  void aNodeThatIsNotThereIsSaid() throws Exception {
    BlockingQueue<String> rings = new LinkedBlockingQueue<>();
    URI nobody = URI.create("ws://127.0.0.1:1/key");
    try (Doorbell doorbell = new Doorbell(nobody, CONTRACT, () -> rings.add("ring")).start()) {
      assertThat(rings.poll(20, TimeUnit.SECONDS)).isEqualTo("ring");
      assertThat(doorbell.trouble()).isEqualTo("it could not be reached");
    }
  }

  @Test
  void theStatusSaysThatTheSubscriptionWasRefused(@TempDir Path directory) throws Exception {
    try (LiveWorld world = new LiveWorld(directory);
        Node node =
            new Node((session, said) -> say(session, "{\"id\":1,\"error\":{\"code\":-32601}}"))) {
      world.server.close();
      Config.Live config = Config.parse(Map.of("LIVE_WS_URL", node.url().toString())).live();
      world.server =
          LiveServer.start(world.parts(world.chain, config, UserPrivacy.plain()), "127.0.0.1", 0);
      JsonNode status;
      do {
        status = world.json("/v1/status");
      } while (!status.path("source_reason").asText().equals("eth_subscribe was refused"));
      assertThat(status.path("source").asText()).isEqualTo("polling");
      assertThat(status.toString()).doesNotContain("/key");
    }
  }

  @Test
  void anotherKeyOfUsersIsAnotherJournal(@TempDir Path directory) throws Exception {
    try (LiveWorld world = new LiveWorld(directory)) {
      List<String> headers = new java.util.ArrayList<>();
      for (String key : List.of("first-key", "first-key", "second-key")) {
        headers.add(
            LiveServer.header(
                world.parts(world.chain, LiveWorld.config(true, 10), UserPrivacy.keyed(key))));
      }
      assertThat(headers.get(1)).isEqualTo(headers.get(0)).doesNotContain("first-key");
      assertThat(headers.get(2)).isNotEqualTo(headers.get(0));
    }
  }
}
