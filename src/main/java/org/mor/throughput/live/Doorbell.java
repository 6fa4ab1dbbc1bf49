package org.mor.throughput.live;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to a node's {@code eth_subscribe} and rings when a block or a log of the contract is new.
 * It only says when to look: what is there is read and checked as ever, so that a node that says
 * nothing, or nonsense, costs time and no event. While it does not work, the chain is polled.
 */
final class Doorbell implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Doorbell.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final long FIRST_WAIT = 1_000;
  private static final long LONGEST_WAIT = 60_000;

  /** A subscription that is silent for so long is made anew. */
  private static final long SILENT_SECONDS = 60;

  private static final int MOST_TEXT = 1 << 20;
  private static final String SUBSCRIBE =
      "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"eth_subscribe\",\"params\":[%s]}";

  private final URI url;
  private final String contract;
  private final Runnable ring;
  private final Thread thread = new Thread(this::run, "live-doorbell");
  private volatile @Nullable String trouble = "not connected yet";

  /**
   * @param contract 0x hex of the address whose logs ring
   */
  Doorbell(URI url, String contract, Runnable ring) {
    this.url = url;
    this.contract = contract;
    this.ring = ring;
    thread.setDaemon(true);
  }

  Doorbell start() {
    thread.start();
    return this;
  }

  /** Why it does not ring; null while it does. */
  @Nullable String trouble() {
    return trouble;
  }

  private void run() {
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    long wait = FIRST_WAIT;
    try {
      while (true) {
        long before = System.nanoTime();
        trouble = listen(client);
        LOG.warn(
            "The subscription at {} ended ({}): the chain is polled until it works again",
            url.getHost(),
            trouble);
        boolean worked = System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(2 * FIRST_WAIT);
        wait = worked ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * 2);
        ring.run();
        TimeUnit.MILLISECONDS.sleep(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Listens as long as it works; returns why it ended. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do with a closed connection.
  private String listen(HttpClient client) throws InterruptedException {
    Ears ears = new Ears();
    CompletableFuture<WebSocket> connecting =
        client.newWebSocketBuilder().connectTimeout(CONNECT).buildAsync(url, ears);
    try {
      WebSocket socket = connecting.get(CONNECT.toSeconds(), TimeUnit.SECONDS);
      String logs = "\"logs\",{\"address\":\"%s\"}".formatted(contract);
      socket
          .sendText(SUBSCRIBE.formatted(1, "\"newHeads\""), true)
          .thenCompose(one -> one.sendText(SUBSCRIBE.formatted(2, logs), true))
          .get(CONNECT.toSeconds(), TimeUnit.SECONDS);
      while (true) {
        ears.heard = false;
        try {
          return ears.ended.get(SILENT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          if (!ears.heard) {
            return "nothing was heard for a minute";
          }
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      return ears.ended.getNow("it could not be reached");
    } finally {
      connecting.thenAccept(WebSocket::abort); // Also one that comes about too late.
    }
  }

  private final class Ears implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile boolean heard;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (text.length() > MOST_TEXT) {
        ended.complete("a message was too long");
      }
      if (last) {
        heard = true;
        boolean isNews = text.indexOf("\"eth_subscription\"") >= 0;
        if (!isNews && text.indexOf("\"error\"") >= 0) {
          ended.complete("eth_subscribe was refused");
        } else {
          trouble = null;
        }
        if (isNews) {
          ring.run();
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ended.complete("closed by the node with code " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended.complete("the connection broke");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
