package org.mor.throughput.wiring;

import java.util.function.LongConsumer;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.adapter.rpc.Sleeper;

/**
 * How patient a command is with what it talks to. The program has one tempo; tests have a quicker
 * one.
 *
 * @param sleeper time as the chain's reader sees it
 * @param waitMillis waits so many milliseconds before anything else is tried again
 */
public record Tempo(RpcOptions rpc, Sleeper sleeper, LongConsumer waitMillis) {
  /** The tempo of the program. */
  public static Tempo real() {
    return new Tempo(RpcOptions.defaults(), Sleeper.system(), Tempo::sleep);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting", e);
    }
  }
}
