package org.mor.throughput.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.testing.VirtualTime;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final List<Long> slept = new ArrayList<>();
  private final Sleeper sleeper =
      new VirtualTime(Instant.EPOCH, pause -> slept.add(pause.toMillis()));

  @Test
  void theCeilingDoublesFromTheFirstToTheLongest() {
    Backoff backoff = new Backoff(FIRST, LONGEST, ceiling -> ceiling, sleeper);
    for (int failures : new int[] {1, 2, 3, 4, 5, 6, 11, 12, 40, 1_000}) {
      backoff.await(failures);
    }
    assertThat(slept)
        .containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L, 1000L, 1000L);
  }

  @Test
  void pausesAreRandomBelowTheCeiling() {
    Backoff backoff = Backoff.random(FIRST, LONGEST, new Random(1), sleeper);
    for (int i = 0; i < 1_000; i++) {
      backoff.await(1);
    }
    assertThat(slept).contains(0L, 50L).allMatch(pause -> pause >= 0 && pause <= 50);
  }

  @Test
  void pausesThatShrinkAreRefused() {
    assertThatThrownBy(() -> new Backoff(LONGEST, FIRST, ceiling -> ceiling, sleeper))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from PT1S to PT0.05S");
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Sleeper.system().sleep(Duration.ofMinutes(1)))
        .isInstanceOf(Sleeper.InterruptedWaitException.class)
        .hasMessageContaining("PT1M");
    assertThat(Thread.interrupted()).isTrue();
  }
}
