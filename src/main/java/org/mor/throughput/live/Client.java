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
import org.jspecify.annotations.Nullable;
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
  private final Pulse pulse;
  private boolean idle = true;
  private Runnable farewell = () -> {};
  private @Nullable Runnable more;
  private long dropped;
  private long toldThrough;
  private long toldDropped;

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
    this.pulse = new Pulse(now);
  }

  synchronized Subscription subscription() {
    return subscription;
  }

  /** From the returned number on another choice holds; what is queued is still sent. */
  synchronized long subscribe(Subscription other) {
    subscription = other;
    return mode == Mode.PAST ? ring.gone() + 1 : next;
  }

  /** Whether it is given what happened before it came. */
  synchronized boolean isInPast() {
    return mode == Mode.PAST;
  }

  synchronized void heard(long now) {
    pulse.heard(now);
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
    boolean isWanted = wants(message);
    boolean isDropped = isWanted && queue.size() >= QUEUE;
    if (isWanted && !isDropped) {
      if (toldDropped != dropped) {
        queue.add(through()); // A client hears that something is missing before what came after.
      }
      queue.add(message);
      wake();
    }
    next = message.seqno() + 1;
    if (isDropped && ++dropped % WARN_EVERY == 0) {
      LOG.warn("A client that reads too slowly has lost {} messages", dropped);
      if (dropped >= DROP_LIMIT) {
        end(CloseStatus.TRY_AGAIN_LATER, dropped + " messages dropped: read faster or resume");
      }
    }
    return isDropped;
  }

  /** What was sent from the store is not sent again. */
  private boolean wants(Message message) {
    Message.Key key = message.key();
    if (key != null && key.name().isOfBlock()) {
      return key.block() > seamBlock && subscription.matches(message);
    }
    return message.seqno() > seamSeqno && subscription.matches(message);
  }

  /** Adds messages of the past; {@code then} runs once when most of them were sent. */
  synchronized void past(List<Message> messages, Runnable then) {
    if (mode == Mode.PAST) {
      messages.stream().filter(one -> subscription.isAbout(one)).forEach(queue::add);
      more = then;
      wake();
    }
  }

  /**
   * The past was sent up to a block; its events are left out from here on.
   *
   * @return false where the ring lacks events behind it: more of the past must be sent
   */
  synchronized boolean goLive(long block, ObjectNode seam) {
    if (mode != Mode.PAST) {
      return true;
    }
    next = ring.gone() + 1; // Before the question: what leaves after it counts as missing.
    if (ring.completeFrom(subscription.minStage()) > block + 1) {
      return false;
    }
    queue.add(Message.control(0, seam));
    seamBlock = block;
    seamSeqno = ring.newest();
    mode = Mode.CATCH_UP;
    wake();
    return true;
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
    while (batch == null) { // One look at a time: what is published waits for the lock.
      batch = take();
    }
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

  /** What is to be sent; null where it is not known yet, as the ring must be looked through. */
  private synchronized @Nullable List<Message> take() {
    List<Message> batch = new ArrayList<>();
    while (batch.size() < BATCH && !queue.isEmpty()) {
      batch.add(queue.remove());
    }
    Runnable then = more;
    if (then != null && queue.size() < BATCH) {
      more = null;
      then.run();
    }
    if (mode == Mode.CATCH_UP && batch.isEmpty()) {
      long gone = ring.gone();
      if (gone >= next) { // It was overtaken; some of these numbers may not exist.
        dropped += gone - next + 1;
        next = gone + 1;
        batch.add(through());
      }
      List<Message> found = ring.after(next - 1, BATCH);
      found.stream().filter(this::wants).forEach(batch::add);
      next = found.isEmpty() ? next : found.get(found.size() - 1).seqno() + 1;
      mode = found.isEmpty() ? Mode.LIVE : mode;
      if (batch.isEmpty() && mode == Mode.CATCH_UP) {
        return null;
      }
    }
    idle = batch.isEmpty();
    return batch;
  }

  /**
   * Tells how far the client is, asks whether it is there, and ends it where it is not.
   *
   * @return whether it was closed and had the time to go in order
   */
  synchronized boolean tick(long now) {
    if (mode == Mode.CLOSED) {
      boolean isOver = pulse.isOver(now);
      if (isOver) {
        wire.abort();
      }
      return isOver;
    }
    if (wire.answers() && pulse.isSilent(now)) {
      end(CloseStatus.SHUTDOWN, "nothing was heard for a minute");
      return false;
    }
    boolean isNews = toldThrough != next - 1 || toldDropped != dropped;
    if (mode == Mode.LIVE && isNews && queue.size() < QUEUE && pulse.tells(now)) {
      queue.add(through());
    }
    if (pulse.asks(now, queue.peek())) {
      queue.addFirst(Message.PING); // A slow client answers before it has read what waits.
    }
    if (!queue.isEmpty()) {
      wake();
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
      more = null;
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
