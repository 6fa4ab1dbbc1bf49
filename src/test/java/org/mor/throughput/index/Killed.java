package org.mor.throughput.index;

/** What ends a process in a test: not an Exception, so that nothing may catch it on the way. */
final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  static void when(boolean now) {
    if (now) {
      throw new Killed();
    }
  }

  /** Whether a run was ended before it was through. */
  static boolean ends(Runnable run) {
    try {
      run.run();
      return false;
    } catch (Killed killed) {
      return true;
    }
  }
}
