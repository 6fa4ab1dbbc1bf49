package org.mor.throughput.testing;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Threads of which exactly one runs at a time: whoever has the turn keeps it until it passes it on,
 * so a program of several threads does the same again when the turns are passed in the same way.
 * The driver, who made this object, has the turn first.
 */
public final class Turns {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "taking-turns");
            thread.setDaemon(true);
            return thread;
          });

  private final Semaphore[] gates;

  /**
   * @param actors how many there are besides the driver; they are numbered from 0
   */
  public Turns(int actors) {
    gates = new Semaphore[actors + 1];
    for (int i = 0; i < gates.length; i++) {
      gates[i] = new Semaphore(0);
    }
  }

  /** The driver's number. */
  public int driver() {
    return gates.length - 1;
  }

  /** What an actor does from its first turn on. */
  public interface Part {
    /** Returns to whom the turn goes at the end; must not throw. */
    int play();
  }

  /** Prepares an actor; it begins when it gets the turn. */
  public void cast(int actor, Part part) {
    THREADS.execute(
        () -> {
          gates[actor].acquireUninterruptibly();
          gates[part.play()].release();
        });
  }

  /** Gives the turn away and waits until it comes back. */
  public void pass(int from, int to) {
    if (from != to) {
      gates[to].release();
      gates[from].acquireUninterruptibly();
    }
  }
}
