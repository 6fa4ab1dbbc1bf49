package org.mor.throughput.live;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest messages, in memory. Safe for use by many threads. */
final class Ring {
  /** How many messages a client may have missed and still resume. */
  static final int CAPACITY = 100_000;

  private final @Nullable Message[] slots;
  private final Map<Stage, Long> completeFrom = new EnumMap<>(Stage.class);
  private long added;
  private long gone;

  Ring(int capacity) {
    slots = new Message[capacity];
  }

  /** Adds messages, whose numbers rise; the oldest ones leave. */
  synchronized void add(List<Message> messages) {
    for (Message message : messages) {
      int place = (int) (added % slots.length);
      Message leaving = slots[place];
      Message.Key key = leaving == null ? null : leaving.key();
      if (key != null && key.name().isOfBlock() && key.stage() != null) {
        completeFrom(key.stage(), key.block() + 1);
      }
      gone = leaving == null ? gone : leaving.seqno();
      slots[place] = message;
      added++;
    }
  }

  /** Every event from this block on that reached the stage is here, as far as it has happened. */
  synchronized void completeFrom(Stage stage, long block) {
    completeFrom.merge(stage, block, Math::max);
  }

  /** The lowest block from which on no event of the stage is missing. */
  synchronized long completeFrom(Stage stage) {
    return completeFrom.getOrDefault(stage, Long.MAX_VALUE);
  }

  /** The highest number that left; 0 while all are here. */
  synchronized long gone() {
    return gone;
  }

  /** The lowest number; 0 while there is no message. */
  synchronized long oldest() {
    return added == 0 ? 0 : at(first()).seqno();
  }

  /** The highest number; 0 while there is no message. */
  synchronized long newest() {
    return added == 0 ? 0 : at(added - 1).seqno();
  }

  /** The messages behind a number, at most {@code most} of them. */
  synchronized List<Message> after(long seqno, int most) {
    long low = first();
    long high = added;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).seqno() <= seqno) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Message> found = new ArrayList<>((int) Math.min(most, added - low));
    for (long i = low; i < added && found.size() < most; i++) {
      found.add(at(i));
    }
    return found;
  }

  private long first() {
    return Math.max(0, added - slots.length);
  }

  private Message at(long index) {
    Message message = slots[(int) (index % slots.length)];
    if (message == null) {
      throw new IllegalStateException("No message at " + index);
    }
    return message;
  }
}
