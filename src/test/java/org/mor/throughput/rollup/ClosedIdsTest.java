package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;

class ClosedIdsTest {
  @Test
  void takesWhatASetOfHashesWouldAndLeavesTheRestInOrder() {
    Random random = new Random(7);
    for (int size : new int[] {0, 1, 2, 3, 4, 1_000, 4_095, 4_096}) {
      List<Hash32> ids = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        ids.add(id(random.nextLong(), i));
      }
      ClosedIds closed = new ClosedIds();
      ids.forEach(closed::add);
      Set<Hash32> expected = new HashSet<>(ids);
      for (int i = 0; i < size; i++) {
        Hash32 id = random.nextBoolean() ? ids.get(random.nextInt(size)) : id(i, i);
        assertThat(closed.take(id)).isEqualTo(expected.remove(id));
      }
      assertThat(closed.take(id(-1, -1))).isFalse();
      ids.retainAll(expected);
      assertThat(closed.left()).isEqualTo(ids);
    }
  }

  @Test
  void idsThatBeginAlikeAreStillDifferentOnes() {
    ClosedIds closed = new ClosedIds();
    for (int i = 0; i < 100; i++) {
      closed.add(id(1, i));
    }
    assertThat(closed.take(id(1, 99))).isTrue();
    assertThat(closed.take(id(1, 99))).isFalse();
    assertThat(closed.take(id(1, 100))).isFalse();
    assertThat(closed.left()).hasSize(99).doesNotContain(id(1, 99));
  }

  @Test
  void nothingIsAddedOnceSomethingWasTaken() {
    ClosedIds closed = new ClosedIds();
    closed.take(id(1, 1));
    assertThatThrownBy(() -> closed.add(id(1, 1))).isInstanceOf(IllegalStateException.class);
  }

  private static Hash32 id(long first, long last) {
    return Hash32.fromHex("0x%016x%032x%016x".formatted(first, 0, last));
  }
}
