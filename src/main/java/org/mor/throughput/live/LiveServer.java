package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.serve.Callers;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live server: follows the chain in one thread and serves what it finds, until closed. */
public final class LiveServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveServer.class);

  /** How much rarer the chain is asked while its node tells of new blocks. */
  private static final long RARER = 10;

  /** However often its node tells of news, the chain is not asked sooner. */
  private static final long LEAST_MILLIS = 100;

  /**
   * What the server stands on.
   *
   * @param ledger the store's ledger, made anew for every look
   * @param directory keeps the messages
   * @param past reads headers for clients that ask for the past; {@code chain} is of one thread
   * @param unixSeconds the time of day
   * @param millis a monotonic clock for what is due when the chain is looked at
   */
  public record Parts(
      Config.Live config,
      IndexSettings settings,
      ChainReader chain,
      ChainReader past,
      ContractReader contract,
      ObjectStore store,
      Supplier<Ledger> ledger,
      UserPrivacy privacy,
      Redactor redactor,
      Path directory,
      LongSupplier unixSeconds,
      LongSupplier millis) {
    /** The monotonic clock of the program. */
    public static long monotonicMillis() {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Writes events with what may be shown. */
    Payloads payloads() {
      return new Payloads(config.showUsers(), config.showSessions(), privacy);
    }
  }

  private final Parts parts;
  private final Hub hub;
  private final Source source;
  private final History history;
  private final StoreServer server;
  private final @Nullable Doorbell doorbell;
  private final Thread thread = new Thread(this::follow, "live-source");
  private final Object bell = new Object();
  private boolean rung;
  private volatile boolean closed;
  private volatile long steppedAt;
  private volatile @Nullable String trouble;

  private LiveServer(Parts parts, String host, int port, UnaryOperator<Handler> around)
      throws IOException {
    this.parts = parts;
    Config.Live config = parts.config();
    this.hub = new Hub(Journal.open(parts.directory(), header(parts)), Parts::monotonicMillis);
    this.source = new Source(parts, hub);
    this.history =
        new History(parts, hub, () -> view().map(now -> now.number("finalized_block")).orElse(-1L));
    this.steppedAt = millis();
    Callers callers = new Callers(config.connectionsPerAddress(), config.trustedProxies());
    Answers answers = new Answers(parts, hub, this);
    this.server =
        StoreServer.start(
            parts.store(),
            host,
            port,
            "/",
            (store, executor) ->
                around.apply(new LiveHandler(store, hub, history, callers, answers, executor)),
            callers);
    String diamond = parts.settings().diamond().address().toHex();
    this.doorbell =
        config.webSocket().map(url -> new Doorbell(url.reveal(), diamond, this::ring)).orElse(null);
    thread.setDaemon(true);
  }

  /**
   * Starts to follow the chain and to serve.
   *
   * @param host the address to listen on, such as 127.0.0.1
   * @param port 0 for any free one
   * @throws IOException when the port is taken
   */
  public static LiveServer start(Parts parts, String host, int port) throws IOException {
    return start(parts, host, port, UnaryOperator.identity());
  }

  /**
   * The same with something around all of it.
   *
   * @param around makes the handler that answers of the one that does otherwise
   */
  public static LiveServer start(Parts parts, String host, int port, UnaryOperator<Handler> around)
      throws IOException {
    LiveServer live = new LiveServer(parts, host, port, around);
    live.thread.start();
    if (live.doorbell != null) {
      live.doorbell.start();
    }
    return live;
  }

  /** A server that looks at the chain only when it is told to. */
  static LiveServer still(Parts parts, String host, int port) throws IOException {
    return new LiveServer(parts, host, port, UnaryOperator.identity());
  }

  /** What was written for another contract or another privacy is not sent. */
  static String header(Parts parts) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", 2);
    json.put("network", parts.settings().network());
    json.put("diamond", parts.settings().diamond().address().toHex());
    json.put("show_users", parts.config().showUsers());
    UserId nobody = UserId.of(Address.fromHex("0x" + "0".repeat(40)));
    json.put("users_as", parts.privacy().stored(nobody).toHex()); // Another key, another journal.
    return json.put("show_sessions", parts.config().showSessions()).toString();
  }

  /** The figures of now; empty before the first step. */
  Optional<Figures.View> view() {
    return source.view();
  }

  private long millis() {
    return parts.millis().getAsLong();
  }

  /** Where it answers, such as {@code http://127.0.0.1:8700/}. */
  public URI address() {
    return server.address();
  }

  /** How many streams are open. */
  public int clients() {
    return hub.clients();
  }

  /** How many messages clients did not get because they were too slow. */
  public long dropped() {
    return hub.dropped();
  }

  Hub hub() {
    return hub;
  }

  /** When the chain was read last, on the monotonic clock. */
  long steppedAt() {
    return steppedAt;
  }

  /** Why the chain could not be read; null when it could. */
  @Nullable String trouble() {
    return trouble;
  }

  /** Whether the threads are there that read the chain and serve the clients. */
  boolean isAlive() {
    return hub.isAlive() && thread.getState() != Thread.State.TERMINATED;
  }

  /** Why the chain is polled; null while its node tells of new blocks. */
  @Nullable String polling() {
    Doorbell listening = doorbell;
    return listening == null ? "LIVE_WS_URL is not set" : listening.trouble();
  }

  private void ring() {
    synchronized (bell) {
      rung = true;
      bell.notifyAll();
    }
  }

  private void follow() {
    while (!closed) {
      try {
        step();
      } catch (RuntimeException e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (!closed && !why.equals(trouble)) {
          LOG.warn("The chain could not be followed, and is asked again: {}", e.getMessage());
          LOG.debug("The chain could not be followed", e);
        }
        trouble = why;
      }
      rest();
    }
  }

  /** One look at the chain. */
  void step() {
    source.step();
    steppedAt = millis();
    trouble = null;
  }

  private void rest() {
    boolean told = doorbell != null && doorbell.trouble() == null && trouble == null;
    synchronized (bell) {
      long poll = parts.config().pollMillis();
      long until = millis() + poll * (told ? RARER : 1);
      long soonest = millis() + (trouble == null ? Math.min(poll, LEAST_MILLIS) : poll);
      try {
        while (!closed) {
          long left = (rung ? soonest : until) - millis();
          if (left <= 0) {
            break;
          }
          bell.wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closed = true;
      }
      rung = false;
    }
  }

  /** Ends the connections in order and keeps every message. */
  @Override
  public void close() {
    closed = true;
    ring();
    thread.interrupt();
    if (doorbell != null) {
      doorbell.close();
    }
    history.close();
    hub.close();
    server.close();
  }
}
