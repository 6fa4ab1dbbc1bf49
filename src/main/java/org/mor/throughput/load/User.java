package org.mor.throughput.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.eclipse.jetty.client.Connection;
import org.jspecify.annotations.Nullable;

/** Somebody with a connection, and what a browser remembers. */
final class User {
  /** What it asks for; when it asks is drawn apart, so that both can be drawn at once. */
  final SplittableRandom paths;

  private final SplittableRandom random;
  final Map<String, String> etags = new HashMap<>();

  /** When requests were due that are not begun. */
  final Deque<Long> due = new ArrayDeque<>();

  @Nullable Connection connection;
  long next;
  boolean busy;

  User(SplittableRandom random, LoadPlan plan, long begin) {
    this.random = random;
    this.paths = random.split();
    long spread = (long) Math.min(plan.thinkMs() * 1e6, plan.seconds() * 1e9);
    this.next = begin + (spread == 0 ? 0 : random.nextLong(spread));
  }

  /** Draws when the next request is due. */
  void think(LoadPlan plan) {
    next +=
        plan.thinkMs() == 0
            ? Long.MAX_VALUE / 2
            : 1 + (long) (-Math.log(1 - random.nextDouble()) * plan.thinkMs() * 1e6);
  }
}
