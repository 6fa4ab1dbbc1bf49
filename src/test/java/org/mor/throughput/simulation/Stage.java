package org.mor.throughput.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.testing.Turns;

/**
 * Virtual time and the order in which writers go on, both from the seed alone. Every call to the
 * store or an endpoint is a step, before which another writer may get the turn.
 */
final class Stage {
  /** Another writer broke an invariant; this one is not needed any more. */
  private static final class Over extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Random random;
  private final Turns turns;
  private final Instant[] wakes;
  private final boolean[] ended;
  private final int switchPercent;
  private final List<String> trace = new ArrayList<>();
  private Instant now;
  private long hash;
  private @Nullable Throwable failure;

  Stage(long seed, int actors, Instant start) {
    random = new Random(seed);
    turns = new Turns(actors);
    wakes = new Instant[actors];
    ended = new boolean[actors];
    now = start;
    java.util.Arrays.fill(wakes, start);
    switchPercent = List.of(3, 20, 60).get(random.nextInt(3));
  }

  Random random() {
    return random;
  }

  Instant now() {
    return now;
  }

  /** What happened, as a number and as text. */
  long hash() {
    return hash;
  }

  List<String> trace() {
    return trace;
  }

  int driver() {
    return turns.driver();
  }

  /** Plays all parts to their end, or to the first that throws. */
  void play(List<? extends Runnable> parts) {
    for (int i = 0; i < parts.size(); i++) {
      int actor = i;
      ended[actor] = false;
      wakes[actor] = now;
      turns.cast(actor, () -> part(actor, parts.get(actor)));
    }
    turns.pass(turns.driver(), choose(turns.driver()));
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private int part(int actor, Runnable part) {
    try {
      part.run();
    } catch (Over over) {
      // The failure is known.
    } catch (RuntimeException | Error thrown) {
      failure = failure == null ? thrown : failure;
    }
    ended[actor] = true;
    return choose(turns.driver());
  }

  /** Before an actor's call. */
  void step(int actor, String what) {
    now = now.plusMillis(random.nextInt(2_000));
    note(actor + " " + what);
    if (actor != turns.driver()) {
      wakes[actor] = now;
      turns.pass(actor, choose(actor));
      if (failure != null) {
        throw new Over();
      }
    }
  }

  void sleep(int actor, Duration time) {
    if (actor == turns.driver()) {
      now = now.plus(time);
      return;
    }
    wakes[actor] = now.plus(time);
    turns.pass(actor, choose(turns.driver()));
    if (failure != null) {
      throw new Over();
    }
  }

  void note(String what) {
    trace.add(what);
    hash = hash * 1_000_003 + what.hashCode();
  }

  /** Time goes on to this moment. */
  void advanceTo(Instant time) {
    now = time.isAfter(now) ? time : now;
  }

  /** Who goes on; the driver when all have ended. */
  private int choose(int present) {
    Instant first = Instant.MAX;
    for (int i = 0; i < wakes.length; i++) {
      first = !ended[i] && wakes[i].isBefore(first) ? wakes[i] : first;
    }
    if (first.equals(Instant.MAX)) {
      return turns.driver();
    }
    advanceTo(first);
    if (present != turns.driver() && failure == null && random.nextInt(100) >= switchPercent) {
      return present;
    }
    int[] ready = new int[wakes.length];
    int count = 0;
    for (int i = 0; i < wakes.length; i++) {
      if (!ended[i] && !wakes[i].isAfter(now)) {
        ready[count++] = i;
      }
    }
    return ready[random.nextInt(count)];
  }
}
