package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;

class RowMergeTest {
  private static final long FROM = Month.parse("2026-05").firstSecond();

  @Test
  void theOrderOfMergesDoesNotMatter() {
    for (int seed = 0; seed < 200; seed++) {
      List<CloseRow> rows = rows(seed);
      List<CloseRow> shuffled = new ArrayList<>(rows);
      Collections.shuffle(shuffled, new Random(seed));

      assertThat(merged(shuffled)).as("seed %d", seed).isEqualTo(merged(rows));
    }
  }

  @Test
  void theGroupingOfMergesDoesNotMatter() {
    for (int seed = 0; seed < 200; seed++) {
      List<CloseRow> rows = rows(seed);
      int a = new Random(seed).nextInt(rows.size());
      int b = a + new Random(seed + 1).nextInt(rows.size() - a);
      List<CloseRow> left =
          concat(
              merged(concat(rows.subList(0, a), rows.subList(a, b))), rows.subList(b, rows.size()));
      List<CloseRow> right = concat(rows.subList(0, a), merged(rows.subList(a, rows.size())));

      assertThat(merged(left)).as("seed %d", seed).isEqualTo(merged(right));
    }
  }

  @Test
  void mergingTheSameRowsTwiceChangesNothing() {
    for (int seed = 0; seed < 200; seed++) {
      List<CloseRow> once = merged(rows(seed));

      assertThat(merged(concat(once, once))).as("seed %d", seed).isEqualTo(once);
      assertThat(merged(concat(once, rows(seed)))).as("seed %d", seed).isEqualTo(once);
    }
  }

  @Test
  void everySessionStays() {
    for (int seed = 0; seed < 200; seed++) {
      assertThat(ids(merged(rows(seed)))).isEqualTo(ids(rows(seed)));
    }
  }

  @Test
  void theRowReadAtTheHigherBlockWinsAndAnOldRowLoses() {
    SampleRows sample = new SampleRows(5);
    Hash32 id = sample.hash();
    SessionClose early = sample.close(id, FROM, 41_000_000);
    SessionClose late = sample.close(id, FROM, 41_000_001);
    CloseRow legacy = legacy(id, FROM, "1");

    assertThat(merged(List.of(late, legacy, early))).containsExactly(late);
    assertThat(merged(List.of(legacy, early))).containsExactly(early);
  }

  @Test
  void noMergeGoesBackToAnEarlierReading() {
    for (int seed = 0; seed < 200; seed++) {
      RowMerge<CloseRow> merge = new RowMerge<>(RowCodec.CLOSES);
      for (CloseRow row : rows(seed)) {
        CloseRow before = merge.row(row.sessionId());
        CloseRow after = merge.add(row);

        assertThat(after.reading()).isGreaterThanOrEqualTo(row.reading());
        if (before != null) {
          assertThat(after.reading()).isGreaterThanOrEqualTo(before.reading());
        }
      }
    }
  }

  @Test
  void theHigherGenerationWinsHoweverLowItsBlock() {
    SampleRows sample = new SampleRows(5);
    SessionClose orphan = sample.close(sample.hash(), FROM, 41_000_900);
    SessionClose gone = orphan.withReading(Reading.retraction(41_000_800 + 100, 1));
    SessionClose back = orphan.withReading(Reading.at(41_000_901, 1));

    assertThat(merged(List.of(orphan, gone))).containsExactly(gone);
    assertThat(merged(List.of(gone, orphan))).containsExactly(gone);
    assertThat(merged(List.of(gone, back, orphan))).as("read again later").containsExactly(back);
  }

  @Test
  void anOpenThatMovedToALowerBlockIsCorrectedDownwards() {
    SessionOpen before = new SampleRows(5).open(Month.parse("2026-05"));
    SessionOpen moved = lowered(before, before.readAtBlock() + 1, 0);
    SessionOpen rewound = lowered(before, before.readAtBlock() - 2, 1);

    assertThat(new RowMerge<>(RowCodec.OPENS).addAll(List.of(moved, before)).sorted())
        .containsExactly(moved);
    assertThat(new RowMerge<>(RowCodec.OPENS).addAll(List.of(rewound, moved, before)).sorted())
        .containsExactly(rewound);
  }

  private static SessionOpen lowered(SessionOpen row, long readAtBlock, int generation) {
    return new SessionOpen(
        row.sessionId(),
        row.user(),
        row.provider(),
        row.bidId(),
        row.modelId(),
        row.openedAt() - 4,
        row.endsAt() - 4,
        row.stake(),
        row.directPayment(),
        new LogPosition(row.position().block() - 2, row.position().logIndex()),
        row.txHash(),
        Reading.at(readAtBlock, generation));
  }

  @Test
  void rowsAreInTheOrderOfTheChain() {
    List<CloseRow> rows = merged(rows(11));
    for (int i = 1; i < rows.size(); i++) {
      int order = rows.get(i - 1).position().compareTo(rows.get(i).position());
      assertThat(order).isNotPositive();
      if (order == 0) {
        assertThat(rows.get(i - 1).sessionId()).isLessThan(rows.get(i).sessionId());
      }
    }
  }

  /** Rows of few sessions, with equal and different blocks and schemas. */
  private static List<CloseRow> rows(int seed) {
    Random random = new Random(seed);
    SampleRows sample = new SampleRows(seed);
    List<Hash32> ids = List.of(sample.hash(), sample.hash(), sample.hash(), sample.hash());
    List<CloseRow> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Hash32 id = ids.get(random.nextInt(ids.size()));
      long closedAt = FROM + random.nextInt(1000);
      rows.add(
          random.nextInt(3) == 0
              ? legacy(id, closedAt, Integer.toString(random.nextInt(3)))
              : read(sample.close(id, closedAt, 41_000_000L), random));
    }
    return rows;
  }

  /** As some schema has it: at one of two blocks, in one of three generations, or retracted. */
  private static SessionClose read(SessionClose row, Random random) {
    long block = 41_000_000L + random.nextInt(2);
    int generation = random.nextInt(3);
    return row.withReading(
        switch (random.nextInt(3)) {
          case 0 -> new Reading(2, 0, block, false);
          case 1 -> Reading.at(block, generation);
          default -> Reading.retraction(block, generation);
        });
  }

  private static CloseRow legacy(Hash32 id, long closedAt, String extra) {
    return LegacyLine.close(
        "{\"sessionId\":\"%s\",\"closedAt\":%d,\"tokensEst\":%s}".formatted(id, closedAt, extra));
  }

  private static List<CloseRow> merged(List<CloseRow> rows) {
    return new RowMerge<>(RowCodec.CLOSES).addAll(rows).sorted();
  }

  private static List<CloseRow> concat(List<CloseRow> a, List<CloseRow> b) {
    List<CloseRow> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static Set<Hash32> ids(List<CloseRow> rows) {
    Set<Hash32> ids = new HashSet<>();
    rows.stream().map(SessionRow::sessionId).forEach(ids::add);
    return ids;
  }
}
