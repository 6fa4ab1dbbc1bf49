package org.mor.throughput.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.index.BadRequestException;

/** The messages of one connection to a live server, which are asked for one by one. */
final class Upstream implements WebSocket.Listener {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int CONNECT_SECONDS = 10;

  /** The server pings every 15 s. */
  private static final int SILENT_SECONDS = 60;

  private static final int MOST_TEXT = 1 << 20;

  /** Takes a message; says whether another one is wanted. */
  interface Reader {
    boolean read(ObjectNode json, String text) throws IOException, InterruptedException;
  }

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();

  /** Listens as long as it works and the reader wants more; returns why it ended. */
  static String listen(URI url, Reader reader) throws IOException, InterruptedException {
    Upstream ears = new Upstream();
    try {
      WebSocket socket =
          CLIENT.newWebSocketBuilder().buildAsync(url, ears).get(CONNECT_SECONDS, TimeUnit.SECONDS);
      try {
        for (String next; (next = ears.heard.poll(SILENT_SECONDS, TimeUnit.SECONDS)) != null; ) {
          if (!next.startsWith("{")) {
            return next;
          }
          if (!reader.read(Json.PLAIN.readValue(next, ObjectNode.class), next)) {
            return "messages may be missing";
          }
          socket.request(1);
        }
        return "nothing was heard for a minute";
      } finally {
        socket.abort();
      }
    } catch (ExecutionException | TimeoutException e) {
      if (!(e.getCause() instanceof WebSocketHandshakeException refused)) {
        return "it could not be reached";
      }
      int status = refused.getResponse().statusCode();
      if (status == 404) {
        throw new BadRequestException(
            "%s answered HTTP 404: it has no such channel\nnext: give --from as docs/live.md lists them, such as ws://HOST:8700"
                .formatted(url.getHost()));
      }
      return "HTTP " + status;
    } catch (JsonProcessingException | DateTimeException e) {
      return "a message was not understood";
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    text.append(data);
    if (text.length() > MOST_TEXT) {
      heard.add("a message was too long");
    } else if (last) {
      heard.add(text.indexOf("{") == 0 ? text.toString() : "a message was not understood");
      text.setLength(0);
    } else {
      socket.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    heard.add("{}");
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    heard.add("closed with code " + code + " " + TerminalText.clean(reason));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    heard.add("the connection broke");
  }
}
