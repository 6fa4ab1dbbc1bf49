package org.mor.throughput.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord.MonthMark;
import org.mor.throughput.session.Month;

class ProofRecordTest {
  private static final NonceWalk.Progress PROGRESS = new NonceWalk.Progress(7, 2, 1);
  private static final MonthMark MAY = new MonthMark(Month.parse("2026-05"), "v1", PROGRESS);
  private static final MonthMark JUNE = new MonthMark(Month.parse("2026-06"), "v2", PROGRESS);

  @Test
  void aProofGivesWayToOneOfTheSameOrALaterBlockOnly() {
    ProofRecord at10 = ProofRecord.NONE.advanced(at(10), List.of(MAY), 0);
    assertThat(at10.proof()).contains(at(10));
    assertThat(at10.marks()).containsExactly(MAY);
    assertThat(at10.advanced(at(9), List.of(JUNE), 0)).isSameAs(at10);
    assertThat(at10.advanced(at(10), List.of(JUNE), 0).marks()).containsExactly(JUNE);
    assertThat(at10.advanced(at(11), List.of(MAY, JUNE), 0).proof()).contains(at(11));
  }

  @Test
  void aLaterGenerationPrevailsWhateverItsBlock() {
    ProofRecord later = ProofRecord.NONE.advanced(at(10), List.of(MAY), 2);
    assertThat(later.advanced(at(11), List.of(MAY, JUNE), 1)).isSameAs(later);
    ProofRecord next = later.advanced(at(9), List.of(JUNE), 3);
    assertThat(next.proof()).contains(at(9));
    assertThat(next.generation()).isEqualTo(3);
    assertThat(next.in(3)).isSameAs(next);
    assertThat(next.in(4).proof()).isEmpty();
    assertThat(next.in(4).marks()).isEmpty();
  }

  @Test
  void aRewindLeavesWhatRestsOnEarlierBlocks() {
    ProofRecord record =
        ProofRecord.NONE
            .advanced(at(10), List.of(MAY, JUNE), 0)
            .withFacetChanges(new TreeSet<>(List.of(3L, 8L)));

    ProofRecord cut = record.rewound(1, 7, Optional.of(Month.parse("2026-06")));

    assertThat(cut.proof()).isEmpty();
    assertThat(cut.marks()).as("months before the one of block 7").containsExactly(MAY);
    assertThat(cut.facetChanges()).containsExactly(3L);
    assertThat(cut.generation()).isEqualTo(1);
    assertThat(record.rewound(1, 7, Optional.empty()).marks()).isEmpty();
    ProofRecord kept = record.rewound(1, 10, Optional.empty());
    assertThat(kept.proof()).contains(at(10));
    assertThat(kept.marks()).containsExactly(MAY, JUNE);
  }

  @Test
  void facetChangesAreOnlyAdded() {
    ProofRecord some = ProofRecord.NONE.withFacetChanges(new TreeSet<>(List.of(5L, 3L)));
    ProofRecord more = some.withFacetChanges(new TreeSet<>(List.of(4L)));
    assertThat(more.facetChanges()).containsExactly(3L, 4L, 5L);
    assertThat(more.advanced(at(1), List.of(), 0).facetChanges()).containsExactly(3L, 4L, 5L);
  }

  @Test
  void monthsStandInOrderAndOnce() {
    for (List<MonthMark> wrong : List.of(List.of(JUNE, MAY), List.of(MAY, MAY))) {
      assertThatThrownBy(() -> new ProofRecord(Optional.empty(), wrong, new TreeSet<>()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("out of order");
    }
  }

  @Test
  void aPartialProofSaysHowFarItWalked() {
    Proof proof = Proof.partial(10, 4, PROGRESS);
    assertThat(proof).isEqualTo(new Proof(10, 4, ProofState.PARTIAL, 7, OptionalLong.empty(), 2));
    assertThat(PROGRESS.opens()).isEqualTo(10);
  }

  @Test
  void impossibleProofsAreRefused() {
    for (long[] wrong :
        new long[][] {{-1, -1, 0, 0}, {5, -2, 0, 0}, {5, 6, 0, 0}, {5, 5, -1, 0}, {5, 5, 0, -1}}) {
      assertThatThrownBy(
              () ->
                  new Proof(
                      wrong[0],
                      wrong[1],
                      ProofState.PARTIAL,
                      wrong[2],
                      OptionalLong.empty(),
                      wrong[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Impossible proof");
    }
    assertThat(new Proof(0, -1, ProofState.PARTIAL, 0, OptionalLong.empty(), 0).proven()).isZero();
    for (OptionalLong count : List.of(OptionalLong.empty(), OptionalLong.of(8))) {
      assertThatThrownBy(() -> new Proof(5, 5, ProofState.PROVEN, 7, count, 0))
          .hasMessageContaining("Proven with 7");
    }
  }

  @Test
  void figuresDifferWhereBothAreThereAndNotTheSame() {
    assertThat(Compared.of("opens", 7, Optional.of(BigInteger.valueOf(7))).differs()).isFalse();
    assertThat(Compared.of("opens", 7, Optional.of(BigInteger.valueOf(8))).differs()).isTrue();
    assertThat(Compared.of("opens", 7, Optional.empty()).differs()).isFalse();
    assertThat(Compared.of("opens", 7, Optional.empty()).rows()).isEqualTo(BigInteger.valueOf(7));
  }

  private static Proof at(long block) {
    return new Proof(block, block, ProofState.PROVEN, 7, OptionalLong.of(7), 0);
  }
}
