package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.mor.throughput.live.Journal.Kept;
import org.mor.throughput.live.Message.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers and keeps what is published, and hands it to the clients from a thread of its own, which
 * no client can hold up.
 */
final class Hub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
  private static final long TICK_MILLIS = 1_000;
  private static final int AT_ONCE = 512;

  /** How far clients may be behind the newest message before publishing waits for them. */
  private static final int MOST_WAITING = Ring.CAPACITY / 2;

  private final Journal journal;
  private final LongSupplier millis;
  private final Ring ring;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread = new Thread(this::broadcast, "live-broadcast");
  private final ScheduledExecutorService disk =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread writer = new Thread(task, "live-disk");
            writer.setDaemon(true);
            return writer;
          });
  private final Object news = new Object();

  /** The number up to which clients were offered all messages. */
  private volatile long heard;

  private volatile boolean closed;

  /**
   * Takes the messages of an earlier process, and begins to broadcast.
   *
   * @param millis a monotonic clock
   */
  @SuppressWarnings("FutureReturnValueIgnored") // What goes wrong on the disk is logged there.
  Hub(Journal journal, LongSupplier millis) {
    this.journal = journal;
    this.millis = millis;
    List<Message> kept = journal.kept().stream().map(Kept::message).toList();
    ring = new Ring(Ring.CAPACITY, journal.last());
    ring.add(kept);
    Set<Stage> begun = EnumSet.noneOf(Stage.class);
    for (Message one : kept) {
      Message.Key key = one.key();
      if (key != null && key.isStage() && key.stage() != null && begun.add(key.stage())) {
        ring.completeFrom(key.stage(), key.block() + 1);
      }
    }
    heard = ring.newest();
    thread.setDaemon(true);
    thread.start();
    disk.scheduleWithFixedDelay(journal::force, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  Ring ring() {
    return ring;
  }

  /** Every message that a restart would find, oldest first. */
  List<Kept> kept() {
    return journal.kept();
  }

  /** Begins without any message: clients that come back get a snapshot. */
  void forget() {
    journal.clear();
    ring.clear(journal.last());
  }

  /** Whether clients are offered what is published. */
  boolean isAlive() {
    return thread.isAlive();
  }

  int clients() {
    return clients.size();
  }

  long dropped() {
    return dropped.get();
  }

  /** Numbers, keeps and broadcasts a batch, which a restart finds as a whole or not at all. */
  List<Message> publish(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return List.of();
    }
    List<Message> messages = journal.append(drafts);
    ring.add(messages);
    synchronized (news) {
      news.notifyAll();
      while (ring.newest() - heard > MOST_WAITING && !closed) {
        await(TICK_MILLIS);
      }
    }
    return messages;
  }

  @SuppressWarnings("WaitNotInLoop") // Both callers look again.
  private void await(long timeout) {
    try {
      news.wait(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for clients", e);
    }
  }

  /** The client is offered whatever is published from now on. */
  void attach(Client client) {
    clients.add(client);
    if (closed) {
      client.end(CloseStatus.SHUTDOWN, "the server stops");
    }
  }

  private void broadcast() {
    long ticked = millis.getAsLong();
    while (!closed) {
      List<Message> found = ring.after(heard, AT_ONCE);
      for (Message message : found) {
        heard = message.seqno();
        clients.forEach(client -> guarded(client, () -> offer(client, message)));
      }
      if (millis.getAsLong() - ticked >= TICK_MILLIS) {
        ticked = millis.getAsLong();
        long now = ticked;
        clients.removeIf(client -> guarded(client, () -> client.tick(now)));
      }
      rest();
    }
  }

  private boolean offer(Client client, Message message) {
    boolean isDropped = client.offer(message);
    dropped.addAndGet(isDropped ? 1 : 0);
    return isDropped;
  }

  /** What goes wrong with one client ends that one, and costs the others nothing. */
  private static boolean guarded(Client client, BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.error("A client could not be served and is disconnected", e);
    }
    try {
      client.end(CloseStatus.SERVER_ERROR, "the server failed: resume");
    } catch (RuntimeException e) {
      LOG.error("A client could not be disconnected", e);
    }
    return true;
  }

  private void rest() {
    synchronized (news) {
      news.notifyAll();
      if (ring.newest() <= heard && !closed) {
        await(TICK_MILLIS / 4);
      }
    }
  }

  /** A message of the program to one client. */
  static ObjectNode control(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /** Sends what is queued no more; every client hears that the server stops. */
  @Override
  public void close() {
    closed = true;
    disk.shutdownNow();
    synchronized (news) {
      news.notifyAll();
    }
    clients.forEach(client -> client.end(CloseStatus.SHUTDOWN, "the server stops: resume later"));
    journal.close();
  }
}
