package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the real protocol that keeps what it hears. */
final class Ears implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String CLOSED = "closed ";

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();

  @SuppressWarnings("NullAway.Init") // by open
  private WebSocket socket;

  static Ears open(URI uri) {
    Ears ears = new Ears();
    ears.socket = CLIENT.newWebSocketBuilder().buildAsync(uri, ears).join();
    return ears;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      heard.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    heard.add(CLOSED + code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    heard.add(CLOSED + "by an error: " + error);
  }

  void say(String message) {
    socket.sendText(message, true).join();
  }

  WebSocket socket() {
    return socket;
  }

  /** The next message as it came. */
  String text() {
    try {
      String next = heard.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("a message").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode next() {
    String next = text();
    assertThat(next).startsWith("{");
    return tree(next);
  }

  static JsonNode tree(String json) {
    try {
      return LiveWorld.JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  /** The next event, past messages of the program. */
  JsonNode event() {
    JsonNode next = next();
    while (!next.has("event_name")) {
      next = next();
    }
    return next;
  }

  /** All messages up to one that fits, which is the last. */
  List<JsonNode> until(Predicate<JsonNode> last) {
    List<JsonNode> all = new ArrayList<>();
    do {
      all.add(next());
    } while (!last.test(all.get(all.size() - 1)));
    return all;
  }

  /** All messages up to the one that says so of a block's stage. */
  List<JsonNode> untilStage(String stage, long block) {
    return until(
        message ->
            message.path("event_name").asText().equals("BlockStage")
                && message.path("commit_stage").asText().equals(stage)
                && message.path("block_number").asLong() >= block);
  }

  /** How the server ended the connection. */
  String closed() {
    String next = text();
    while (!next.startsWith(CLOSED)) {
      next = text();
    }
    return next;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
