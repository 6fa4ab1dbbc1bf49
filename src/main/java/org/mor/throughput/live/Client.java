package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: what it subscribed to, and its bounded queue. A client begins with the past where it
 * wants it, catches up through the ring at its own pace, and then lives from its queue.
 */
final class Client extends IteratingCallback {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);

  static final int QUEUE = 4_096;
  static final int WARN_EVERY = 1_000;
  static final int DROP_LIMIT = 10_000;
  private static final int BATCH = 256;
  private static final long THROUGH_MILLIS = 5_000;
  private static final long PING_MILLIS = 15_000;
  private static final long SILENT_MILLIS = 60_000;
  private static final long GRACE_MILLIS = 2_000;

  private enum Mode {
    PAST,
    CATCH_UP,
    LIVE,
    CLOSED
  }

  private final Ring ring;
  private final Wire wire;
  private final Executor executor;
  private final Runnable gone;
  private final Deque<Message> queue = new ArrayDeque<>();
  private Subscription subscription;
  private Mode mode;
  private long next;
  private long seamBlock = -1;
  private long seamSeqno = -1;
  private boolean idle = true;
  private Runnable farewell = () -> {};
  private long dropped;
  private long toldThrough;
  private long toldDropped;
  private long toldAt;
  private long pingedAt;
  private long heardAt;
  private long closedAt;

  /**
   * @param next the number of the message to begin with
   * @param gone told once, when the client is closed
   * @param now milliseconds of a monotonic clock
   */
  Client(
      Ring ring,
      Wire wire,
      Executor executor,
      Beginning beginning,
      long next,
      long now,
      Runnable gone) {
    this.ring = ring;
    this.wire = wire;
    this.executor = executor;
    this.subscription = beginning.subscription();
    this.next = next;
    this.mode = beginning.fromBlock() == null ? Mode.CATCH_UP : Mode.PAST;
    this.gone = gone;
    this.heardAt = now;
    this.toldAt = now;
    this.pingedAt = now;
  }

  synchronized Subscription subscription() {
    return subscription;
  }

  /** From now on another choice holds; what is queued is still sent. */
  synchronized void subscribe(Subscription other) {
    subscription = other;
  }

  synchronized long next() {
    return next;
  }

  synchronized void heard(long now) {
    heardAt = now;
  }

  /** Tells this client alone. */
  synchronized void tell(ObjectNode control) {
    if (mode != Mode.CLOSED && queue.size() < QUEUE + BATCH) {
      queue.add(Message.control(0, control));
      wake();
    }
  }

  /** Takes a message that was just published; returns whether it had to be dropped. */
  synchronized boolean offer(Message message) {
    if (mode != Mode.LIVE || message.seqno() < next) {
      return false;
    }
    next = message.seqno() + 1;
    if (!wants(message)) {
      return false;
    }
    if (queue.size() < QUEUE) {
      queue.add(message);
      wake();
      return false;
    }
    dropped++;
    if (dropped % WARN_EVERY == 0) {
      LOG.warn("A client that reads too slowly has lost {} messages", dropped);
    }
    if (dropped >= DROP_LIMIT) {
      end(
          CloseStatus.POLICY_VIOLATION,
          "%d messages dropped: read faster, subscribe to less, or resume".formatted(dropped));
    }
    return true;
  }

  /** What was sent from the store is not sent again. */
  private boolean wants(Message message) {
    Message.Key key = message.key();
    if (key != null && key.name().isOfBlock()) {
      return key.block() > seamBlock && subscription.matches(message);
    }
    return message.seqno() > seamSeqno && subscription.matches(message);
  }

  /**
   * Adds a message of the past and waits while the client has enough of them.
   *
   * @return whether the client is still there
   */
  synchronized boolean push(Message.Key key, Message message) throws InterruptedException {
    while (mode == Mode.PAST && queue.size() >= BATCH) {
      wait(1_000);
    }
    if (mode == Mode.PAST && subscription.isAbout(key)) {
      queue.add(message);
      wake();
    }
    return mode == Mode.PAST;
  }

  /** The past was sent; events up to the block are left out from here on. */
  synchronized void goLive(long block, ObjectNode seam) {
    if (mode != Mode.PAST) {
      return;
    }
    queue.add(Message.control(0, seam));
    seamBlock = block;
    seamSeqno = ring.newest();
    next = ring.gone() + 1;
    mode = Mode.CATCH_UP;
    wake();
  }

  private void wake() {
    if (idle) {
      idle = false;
      try {
        executor.execute(this::iterate);
      } catch (RejectedExecutionException e) {
        LOG.debug("The server stops", e);
      }
    }
  }

  @Override
  protected Action process() {
    List<Message> batch = take();
    if (batch.isEmpty()) {
      farewell().run();
      return Action.IDLE;
    }
    wire.send(batch, this);
    return Action.SCHEDULED;
  }

  private synchronized Runnable farewell() {
    return queue.isEmpty() ? farewell : () -> {};
  }

  private synchronized List<Message> take() {
    List<Message> batch = new ArrayList<>();
    while (batch.size() < BATCH && !queue.isEmpty()) {
      batch.add(queue.remove());
    }
    while (mode == Mode.CATCH_UP && batch.isEmpty()) {
      long gone = ring.gone();
      if (gone >= next) { // It was overtaken; some of these numbers may not exist.
        dropped += gone - next + 1;
        next = gone + 1;
        batch.add(through());
      }
      List<Message> found = ring.after(next - 1, BATCH);
      if (found.isEmpty()) {
        mode = Mode.LIVE;
      }
      found.stream().filter(this::wants).forEach(batch::add);
      next = found.isEmpty() ? next : found.get(found.size() - 1).seqno() + 1;
    }
    idle = batch.isEmpty();
    notifyAll();
    return batch;
  }

  /**
   * Tells how far the client is, asks whether it is there, and ends it where it is not.
   *
   * @return whether it was closed and had the time to go in order
   */
  synchronized boolean tick(long now) {
    if (mode == Mode.CLOSED) {
      closedAt = closedAt == 0 ? now : closedAt;
      boolean isOver = now - closedAt > GRACE_MILLIS;
      if (isOver) {
        wire.abort();
      }
      return isOver;
    }
    if (wire.answers() && now - heardAt > SILENT_MILLIS) {
      end(CloseStatus.SHUTDOWN, "nothing was heard for a minute");
    } else if (queue.size() < QUEUE) {
      boolean isNews = toldThrough != next - 1 || toldDropped != dropped;
      if (mode == Mode.LIVE && isNews && now - toldAt >= THROUGH_MILLIS) {
        toldAt = now;
        queue.add(through());
      }
      if (now - pingedAt >= PING_MILLIS) {
        pingedAt = now;
        queue.add(Message.PING);
      }
      if (!queue.isEmpty()) {
        wake();
      }
    }
    return false;
  }

  /** Everything below {@code next} was sent, left out, or dropped. */
  private Message through() {
    toldThrough = next - 1;
    toldDropped = dropped;
    ObjectNode through = Hub.control("through").put("through_seqno", toldThrough);
    return Message.control(toldThrough, through.put("dropped", dropped));
  }

  /** Sends nothing more and ends the connection. */
  void end(int code, String reason) {
    if (leave()) {
      wire.close(code, reason);
    }
  }

  /** Says one last thing, after what is being sent, then ends the connection. */
  void end(ObjectNode last, int code, String reason) {
    if (leave()) {
      synchronized (this) {
        farewell = () -> wire.close(code, reason);
        queue.add(Message.control(0, last));
        wake();
      }
    }
  }

  private boolean leave() {
    synchronized (this) {
      if (mode == Mode.CLOSED) {
        return false;
      }
      mode = Mode.CLOSED;
      queue.clear();
      notifyAll();
    }
    gone.run();
    return true;
  }

  @Override
  protected void onFailure(Throwable cause) {
    LOG.debug("A client is gone", cause);
    end(CloseStatus.NO_CLOSE, "");
    wire.abort();
  }
}
