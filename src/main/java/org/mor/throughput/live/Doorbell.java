package org.mor.throughput.live;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
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

  private final URI url;
  private final String contract;
  private final Runnable ring;
  private final Thread thread = new Thread(this::run, "live-doorbell");
  private volatile boolean closed;
  private volatile @Nullable String trouble = "not connected yet";
  private volatile long heardAt;

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
    long wait = FIRST_WAIT;
    while (!closed) {
      long before = System.nanoTime();
      String why = listen();
      if (closed) {
        return;
      }
      trouble = why;
      LOG.warn(
          "The subscription at {} ended ({}): the chain is polled until it works again",
          url.getHost(),
          why);
      boolean worked = System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(2 * FIRST_WAIT);
      wait = worked ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * 2);
      ring.run();
      try {
        TimeUnit.MILLISECONDS.sleep(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Listens as long as it works; returns why it ended. */
  private String listen() {
    Ears ears = new Ears();
    WebSocket socket = null;
    try {
      socket =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .build()
              .newWebSocketBuilder()
              .connectTimeout(CONNECT)
              .buildAsync(url, ears)
              .get(CONNECT.toSeconds() + 1, TimeUnit.SECONDS);
      heardAt = System.nanoTime();
      socket.sendText(request(1, "\"newHeads\""), true).get(10, TimeUnit.SECONDS);
      String logs = "\"logs\",{\"address\":\"%s\"}".formatted(contract);
      socket.sendText(request(2, logs), true).get(10, TimeUnit.SECONDS);
      while (ears.ended == null && !closed) {
        synchronized (ears) {
          ears.wait(1_000);
        }
        if (System.nanoTime() - heardAt > TimeUnit.SECONDS.toNanos(SILENT_SECONDS)) {
          return "nothing was heard for a minute";
        }
      }
      String ended = ears.ended;
      return ended == null ? "stopped" : ended;
    } catch (ExecutionException | TimeoutException e) {
      return "it could not be reached";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "stopped";
    } finally {
      if (socket != null) {
        socket.abort();
      }
    }
  }

  private static String request(int id, String parameters) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"eth_subscribe\",\"params\":[%s]}"
        .formatted(id, parameters);
  }

  private final class Ears implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private volatile @Nullable String ended;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (text.length() > MOST_TEXT) {
        end("a message was too long");
      }
      if (last) {
        said(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void said(String message) {
      heardAt = System.nanoTime();
      if (message.contains("\"eth_subscription\"")) {
        trouble = null;
        ring.run();
      } else if (message.contains("\"error\"")) {
        end("eth_subscribe was refused");
      } else {
        trouble = null;
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end("closed by the node with code " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end("the connection broke");
    }

    private synchronized void end(String why) {
      ended = why;
      notifyAll();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
