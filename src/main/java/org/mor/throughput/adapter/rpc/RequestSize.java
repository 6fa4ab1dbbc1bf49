package org.mor.throughput.adapter.rpc;

import java.util.OptionalLong;

/**
 * How much to ask for at once. It doubles after success up to a cap and shrinks after a refusal. A
 * cap stays. A shrink is forgotten again, the slower the more often it was needed.
 */
final class RequestSize {
  private static final int FIRST_HOLD = 4;
  private static final int MAX_HOLD = 64;

  /** A size that failed without a word about size is tried again this seldom in the end. */
  private static final int MAX_DOUBT_HOLD = 1_024;

  private static final int FIRST_PATIENCE = 2;
  private static final int MAX_PATIENCE = 5;

  /** After so many refusals in unknown words in a row, each further one halves it. */
  private static final int UNKNOWN_PATIENCE = 3;

  private long cap;
  private long width;
  private long lastGrown;
  private int hold;
  private int nextHold = FIRST_HOLD;

  /** The most that was answered since it last failed again and again. */
  private long answered;

  /** The least that failed again and again and was not answered since. */
  private long failing = Long.MAX_VALUE;

  /** So many failures in a row are put down to the size; more once that has proven wrong. */
  private int patience = FIRST_PATIENCE;

  private int failuresInARow;

  RequestSize(long start, long max) {
    this.width = start;
    this.cap = max;
  }

  long width() {
    return width;
  }

  /** The cap. */
  long most() {
    return cap;
  }

  /** All of {@code used} was answered. */
  void succeeded(long used) {
    failuresInARow = 0;
    answered = Math.max(answered, used);
    if (used >= failing) {
      failing = Long.MAX_VALUE;
      patience = Math.min(MAX_PATIENCE, patience + 1);
    }
    if (used < width || width >= cap) {
      return;
    }
    if (hold > 0) {
      hold--;
      return;
    }
    if (width == lastGrown) {
      nextHold = FIRST_HOLD;
    }
    width = Math.min(cap, width * 2);
    lastGrown = width;
  }

  /** Never more than {@code most} again; half of what was refused where that says nothing new. */
  void cap(OptionalLong most, long refused) {
    long limit = most.isPresent() ? Math.min(most.getAsLong(), cap) : refused / 2;
    // A provider that counts the other way round refuses one too many; anything else is halved.
    boolean offByOne = most.isPresent() && most.getAsLong() == refused;
    cap = Math.max(1, limit < refused ? limit : offByOne ? refused - 1 : refused / 2);
    width = Math.min(width, cap);
    hold = 0;
  }

  /** Less this time: {@code target} when that is less than what was refused, else half of it. */
  void shrink(OptionalLong target, long refused) {
    long smaller =
        target.isPresent() && target.getAsLong() < refused ? target.getAsLong() : refused / 2;
    width = Math.max(1, smaller);
    hold = nextHold;
    nextHold = Math.min(MAX_HOLD, nextHold * 2);
  }

  /**
   * Asking for {@code asked} failed without a word about its size, such as by a time-out. From the
   * second time in a row on, half of it. A size that never worked is tried again seldom; one that
   * has worked is tried again soon, since the moment may be at fault.
   *
   * @return whether it is less now
   */
  boolean failed(long asked) {
    if (asked > width) {
      return false; // asked before another failure made it less
    }
    failuresInARow++;
    boolean again = asked >= failing;
    if (asked == 1 || (failuresInARow < patience && !again)) {
      return false;
    }
    failing = Math.min(failing, asked);
    if (asked <= answered) {
      answered = asked / 2;
    } else if (failuresInARow <= patience) {
      hold = nextHold;
      nextHold = Math.min(MAX_DOUBT_HOLD, nextHold * 2);
    }
    width = asked / 2;
    return true;
  }

  /**
   * Asking for {@code asked} was refused in words that nobody knows: half of it at once, but only
   * once, since less does not help against most refusals. When the node goes on refusing after some
   * waits, half of it each time.
   *
   * @return whether to ask for half of it at once
   */
  boolean bisect(long asked) {
    failuresInARow++;
    if (asked > 1 && failuresInARow == 1) {
      shrink(OptionalLong.empty(), asked);
      return true;
    }
    if (asked > 1 && failuresInARow > UNKNOWN_PATIENCE) {
      width = asked / 2;
    }
    return false;
  }
}
