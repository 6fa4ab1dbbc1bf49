package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.demo.ReceiptWriter.ReceiptKind;
import org.mor.throughput.demo.ReceiptWriter.ReceiptNumbers;
import org.mor.throughput.demo.SessionPlan.Story;
import org.mor.throughput.demo.SimulatedModel.Modality;

/** Turns a story and a block into a whole plan. */
final class SessionPlanner {
  private static final long DAY = 86_400;

  /** Stake per MOR of price, times 100: a session locks about 317 times its cost. */
  private static final long STAKE_RATIO = 31_667;

  private final Catalogue catalogue;
  private final long sevenFieldFrom;

  /**
   * @param sevenFieldFrom Unix seconds from which on nodes write token totals
   */
  SessionPlanner(Catalogue catalogue, long sevenFieldFrom) {
    this.catalogue = catalogue;
    this.sevenFieldFrom = sevenFieldFrom;
  }

  /**
   * @param seconds the paid time; drawn when null
   */
  SessionPlan plan(Dice dice, Story story, long openBlock, @Nullable Long seconds) {
    Address user = catalogue.drawUser(dice);
    SimulatedBid bid = catalogue.drawBid(dice, openBlock);
    boolean gateway = user.equals(catalogue.gateway());
    long paidTime = seconds == null ? drawSeconds(dice, gateway) : seconds;
    long opened = BlockClock.timeOf(openBlock);
    long close = closeBlock(dice, story, openBlock, opened + paidTime);
    boolean disputed = story.isDisputed(dice);
    long closedAt = close == SessionPlan.NEVER ? opened + paidTime : BlockClock.timeOf(close);
    ReceiptKind kind = receiptKind(dice, story, closedAt);
    long used = Math.min(closedAt, opened + paidTime) - opened;
    return new SessionPlan(
        story,
        openBlock,
        user,
        bid,
        paidTime,
        stake(dice, bid, paidTime),
        story == Story.DIRECT_PAYMENT,
        close,
        disputed,
        kind,
        NumberPlanner.draw(dice, bid, kind, disputed, used),
        claimBlock(dice, story, close, opened + paidTime));
  }

  private static long drawSeconds(Dice dice, boolean gateway) {
    return gateway
        ? dice.pick(List.of(1_799L, 1_799L, 1_799L, 1_199L))
        : dice.pick(List.of(300L, 900L, 3_600L, 3_600L, 14_400L, DAY, DAY, 7 * DAY));
  }

  private static BigInteger stake(Dice dice, SimulatedBid bid, long seconds) {
    return bid.pricePerSecond()
        .multiply(BigInteger.valueOf(seconds * STAKE_RATIO))
        .divide(BigInteger.valueOf(100))
        .add(BigInteger.valueOf(dice.between(0, 1_000_000_000)));
  }

  private static long closeBlock(Dice dice, Story story, long openBlock, long endsAt) {
    return switch (story) {
      case NEVER_CLOSED -> SessionPlan.NEVER;
      case SAME_BLOCK -> openBlock;
      case WEEKS_LATE -> BlockClock.blockFrom(endsAt + dice.between(14 * DAY, 40 * DAY));
      case EARLY, DISPUTED_EARLY -> {
        long opened = BlockClock.timeOf(openBlock);
        yield BlockClock.blockFrom(opened + (endsAt - opened) * dice.between(50, 950) / 1_000);
      }
      default -> BlockClock.blockFrom(endsAt + dice.between(1, 45));
    };
  }

  private ReceiptKind receiptKind(Dice dice, Story story, long closedAt) {
    ReceiptKind forced = story.receipt();
    if (forced != null) {
      return forced;
    }
    boolean late = dice.perMille(30);
    return closedAt < sevenFieldFrom != late ? ReceiptKind.FIVE : ReceiptKind.SEVEN;
  }

  private static long claimBlock(Dice dice, Story story, long closeBlock, long endsAt) {
    boolean owed = story == Story.DISPUTED_EARLY || story == Story.NEVER_CLOSED;
    if (!owed || dice.perMille(400)) {
      return SessionPlan.NEVER;
    }
    // What is on hold is set free at the next midnight.
    long from = closeBlock == SessionPlan.NEVER ? endsAt : BlockClock.timeOf(closeBlock);
    return BlockClock.blockFrom(from + dice.between(DAY, 9 * DAY));
  }

  /** Draws what a receipt reports: mostly plausible, often idle, now and then absurd. */
  static final class NumberPlanner {
    private NumberPlanner() {}

    static ReceiptNumbers draw(
        Dice dice, SimulatedBid bid, ReceiptKind kind, boolean disputed, long seconds) {
      if (kind == ReceiptKind.MAXIMUM) {
        return ReceiptNumbers.MAXIMUM;
      }
      if (disputed && dice.perMille(800)) {
        return selfReported(dice);
      }
      if (dice.perMille(350)) {
        return ReceiptNumbers.IDLE;
      }
      long ttft = bid.provider().ttftMs() * dice.between(300, 3_000) / 1_000;
      if (bid.model().modality() == Modality.OTHER) {
        // Old nodes counted bytes of audio as tokens; newer ones report none at all.
        long tps = kind == ReceiptKind.FIVE ? dice.between(1_000_000, 200_000_000) : 0;
        return new ReceiptNumbers(tps, ttft, 0, 0);
      }
      long tps = bid.provider().tpsScaled1000() * dice.between(500, 1_600) / 1_000;
      if (dice.perMille(10)) {
        tps *= 20;
        ttft *= 20;
      }
      long output = Math.min(dice.power(1.3, 4.5), 200 * Math.max(1, seconds));
      return new ReceiptNumbers(tps, ttft, dice.power(1.5, 5.2), output);
    }

    /** A consumer's node cannot count what it streamed: mostly zeros. */
    private static ReceiptNumbers selfReported(Dice dice) {
      if (dice.perMille(600)) {
        return ReceiptNumbers.IDLE;
      }
      return new ReceiptNumbers(0, dice.between(100, 9_000), dice.power(1.5, 4.5), 0);
    }
  }
}
