package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitWaitTest {
  @Test
  void theBoundDoublesFromFiftyMillisecondsToOneSecond() {
    List<Long> bounds = new ArrayList<>();
    List<Long> slept = new ArrayList<>();
    CommitRetry retry =
        CommitRetry.fullJitter(
            slept::add,
            below -> {
              bounds.add(below);
              return below - 1;
            });
    for (int failures : new int[] {1, 2, 3, 4, 5, 6, 11, 12, 40}) {
      retry.pause(failures);
    }
    assertThat(bounds).containsExactly(51L, 101L, 201L, 401L, 801L, 1001L, 1001L, 1001L, 1001L);
    assertThat(slept).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L, 1000L);
  }
}
