package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.demo.ReceiptWriter.ReceiptKind;
import org.mor.throughput.demo.ReceiptWriter.ReceiptNumbers;

/**
 * What the parties to one session mean to do; the chain lets it happen block by block.
 *
 * @param seconds the paid time
 * @param closeBlock {@link #NEVER} when nobody closes it
 * @param claimBlock when the provider asks for what it is still owed; {@link #NEVER} if it does not
 */
record SessionPlan(
    Story story,
    long openBlock,
    Address user,
    SimulatedBid bid,
    long seconds,
    BigInteger stake,
    boolean direct,
    long closeBlock,
    boolean disputed,
    ReceiptKind receipt,
    ReceiptNumbers numbers,
    long claimBlock) {
  static final long NEVER = Long.MAX_VALUE;

  SessionPlan {
    if (closeBlock < openBlock || claimBlock < openBlock || seconds < 1) {
      throw new IllegalArgumentException(
          "Impossible plan: opened in block %d for %d s, closed in %d, claimed in %d"
              .formatted(openBlock, seconds, closeBlock, claimBlock));
    }
  }

  long openedAt() {
    return BlockClock.timeOf(openBlock);
  }

  long endsAt() {
    return openedAt() + seconds;
  }

  /** What becomes of a session. Each story happens at least once in every market. */
  enum Story {
    AT_END(560),
    EARLY(260),
    WEEKS_LATE(12),
    DISPUTED_EARLY(45),
    DISPUTED_AT_END(30),
    NEVER_CLOSED(22),
    DIRECT_PAYMENT(12),
    /** Opened and closed in one block. */
    SAME_BLOCK(4),
    /** Opened in the block of the session before. */
    TWIN(20),
    /** Closed by a node that still writes five fields when others write seven. */
    STRAGGLER(20, ReceiptKind.FIVE),
    MAXIMUM(2, ReceiptKind.MAXIMUM),
    SIX_WORDS(2, ReceiptKind.SIX_WORDS),
    EXTRA_BYTES(2, ReceiptKind.EXTRA_BYTES),
    WIDE_WORD(2, ReceiptKind.WIDE_WORD),
    JUNK(2, ReceiptKind.JUNK),
    OTHER_SESSION(2, ReceiptKind.OTHER_SESSION),
    OTHER_CHAIN(2, ReceiptKind.OTHER_CHAIN);

    private static final List<Story> ALL = List.of(values());
    private static final List<Integer> WEIGHTS =
        Arrays.stream(values()).map(story -> story.perMille).toList();

    private final int perMille;
    private final @Nullable ReceiptKind receipt;

    Story(int perMille) {
      this(perMille, null);
    }

    Story(int perMille, @Nullable ReceiptKind receipt) {
      this.perMille = perMille;
      this.receipt = receipt;
    }

    /** The receipt this story is about; null where the times decide. */
    @Nullable ReceiptKind receipt() {
      return receipt;
    }

    static List<Story> all() {
      return ALL;
    }

    static Story draw(Dice dice) {
      return ALL.get(dice.weighted(WEIGHTS));
    }

    boolean isDisputed(Dice dice) {
      return this == DISPUTED_EARLY
          || this == DISPUTED_AT_END
          || (receipt != null && this != STRAGGLER && dice.perMille(500));
    }
  }
}
