package org.mor.throughput.index;

import org.mor.throughput.testing.FakeChain;

/** A chain at one of whose answers the process that asks is killed. */
final class MortalChain extends FakeChain {
  private final int lives;

  MortalChain(long head, int lives) {
    super(head);
    this.lives = lives;
  }

  @Override
  protected void beforeAnswer() {
    super.beforeAnswer();
    Killed.when(asked() == lives);
  }
}
