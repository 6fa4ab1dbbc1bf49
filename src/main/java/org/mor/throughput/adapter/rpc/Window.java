package org.mor.throughput.adapter.rpc;

import java.util.OptionalLong;

/**
 * How much to ask for at once: doubles after success up to a cap, shrinks when told that it was too
 * much. A cap stays; a shrink is forgotten again, the slower the more often it was needed.
 */
final class Window {
  private static final int FIRST_HOLD = 4;
  private static final int MAX_HOLD = 64;

  private long cap;
  private long width;
  private long lastGrown;
  private int hold;
  private int nextHold = FIRST_HOLD;

  Window(long start, long max) {
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
}
