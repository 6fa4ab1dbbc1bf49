package org.mor.throughput.index;

import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the contract's state at the safe head or, where every endpoint has dropped that state, at
 * the lowest block above it that one still has. Most nodes keep the state of 128 blocks.
 */
final class StateReading {
  private static final Logger LOG = LoggerFactory.getLogger(StateReading.class);

  /** Nodes drop one state more with each block, so a later try leaves twice the room. */
  private static final int MOVES = 5;

  private static final long FIRST_ROOM = 16;

  private StateReading() {}

  /**
   * What {@code read} makes of the state of {@code block} or of the lowest one above it.
   *
   * @throws StatePrunedException when no endpoint has the state of any of them
   */
  static <T> T from(ChainReader chain, long block, LongFunction<T> read) {
    long at = block;
    for (int move = 0; ; move++) {
      try {
        return read.apply(at);
      } catch (StatePrunedException e) {
        long above = move == 0 ? block + 1 : at + (FIRST_ROOM << (move - 1));
        OptionalLong next = move == MOVES ? OptionalLong.empty() : chain.lowestState(above);
        if (next.isEmpty()) {
          throw new StatePrunedException(
              "Reading sessions: no endpoint has the state of block %d, the safe head, or of any block above it for long enough; the last answer: %s\nnext: lower SAFETY_LAG_BLOCKS (most nodes keep the state of 128 blocks), set CONFIRMATION=blocks, or add an endpoint that keeps more state to BASE_RPC_URL"
                  .formatted(block, firstLine(e)),
              e);
        }
        at = next.getAsLong();
        LOG.info(
            "No endpoint has the state of block {}, the safe head: block {} is read", block, at);
      }
    }
  }

  private static String firstLine(StatePrunedException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
