package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;

class IdSetTest {
  private final IdSet ids = new IdSet();

  @Test
  void anIdIsThereOnceItWasAdded() {
    SampleRows sample = new SampleRows(3);
    Set<Hash32> added = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      Hash32 id = sample.hash();
      assertThat(ids.contains(id)).isFalse();
      assertThat(ids.add(id)).isTrue();
      assertThat(ids.add(id)).isFalse();
      added.add(id);
      assertThat(ids.size()).isEqualTo(added.size());
    }
    assertThat(added).allMatch(ids::contains);
    assertThat(ids.contains(sample.hash())).isFalse();
  }

  @Test
  void idsThatDifferInOneHalfAreDifferent() {
    Hash32 one = id("0000000000000001", "0000000000000011");
    Hash32 otherFirst = id("0000000000000002", "0000000000000011");
    Hash32 otherSecond = id("0000000000000001", "0000000000000013");
    ids.add(one);
    assertThat(ids.contains(otherFirst)).isFalse();
    assertThat(ids.contains(otherSecond)).isFalse();
    assertThat(ids.add(otherFirst)).isTrue();
    assertThat(ids.add(otherSecond)).isTrue();
    assertThat(ids.size()).isEqualTo(3);
  }

  @Test
  void manyIdsOfOnePlaceAreAllKept() {
    // The same first half puts all of them into one row of slots.
    for (int i = 0; i < 2_000; i++) {
      assertThat(ids.add(id("ffffffffffffffff", "%016x".formatted(2 * i)))).isTrue();
    }
    for (int i = 0; i < 2_000; i++) {
      assertThat(ids.contains(id("ffffffffffffffff", "%016x".formatted(2 * i)))).isTrue();
    }
    assertThat(ids.size()).isEqualTo(2_000);
  }

  @Test
  void theIdOfZerosIsAnIdToo() {
    Hash32 zeros = id("0".repeat(16), "0".repeat(16));
    assertThat(ids.contains(zeros)).isFalse();
    assertThat(ids.add(zeros)).isTrue();
    assertThat(ids.contains(zeros)).isTrue();
  }

  private static Hash32 id(String first, String second) {
    return Hash32.fromHex("0x" + first + second + "0".repeat(32));
  }
}
