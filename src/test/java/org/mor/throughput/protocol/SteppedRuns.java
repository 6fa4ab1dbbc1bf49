package org.mor.throughput.protocol;

import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException;

/** How a run ends. */
final class SteppedRuns {
  /** The process is gone: not an Exception, so that nothing may catch it on the way. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private SteppedRuns() {}

  /** False when the run was killed, or gave up in a way that is foreseen and is run again. */
  static boolean endsWell(Runnable run) {
    try {
      run.run();
      return true;
    } catch (ChainReorganisedException stopped) {
      // Where somebody has to decide, running again changes nothing.
      return stopped.getMessage().contains("the run does not go back by itself");
    } catch (Killed
        | StoreException
        | CorruptObjectException
        | ChainException
        | BadRequestException foreseen) {
      return false;
    }
  }
}
