package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;

class PartitionMergeTest {
  private static final Month MAY = Month.parse("2026-05");

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final SampleRows sample = new SampleRows(11);
  private final RowArchive archive = new RowArchive(store, UserPrivacy.plain(), CommitRetry.none());

  @Test
  void rowsThatComeInTurnsEndInTheBytesOfOneMerge() {
    List<SessionClose> rows = closes(60);
    for (int turn = 0; turn < 3; turn++) {
      List<SessionClose> some = new ArrayList<>();
      for (int i = turn; i < rows.size(); i += 3) {
        some.add(rows.get(i));
      }
      archive.merge(List.of(), some);
    }
    MemoryObjectStore other = new MemoryObjectStore();
    new RowArchive(other, UserPrivacy.plain(), CommitRetry.none()).merge(List.of(), rows);
    assertThat(bytes(store)).isEqualTo(bytes(other));
  }

  private List<SessionClose> closes(int count) {
    List<SessionClose> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(sample.close(MAY));
    }
    return rows;
  }

  private static byte[] bytes(MemoryObjectStore of) {
    return of.find(RowKind.CLOSES.key(MAY)).orElseThrow().body();
  }

  @Test
  void readingGivesEveryRowAndTheVersionThatWasRead() {
    List<SessionClose> closes = closes(4);
    List<SessionOpen> opens = List.of(sample.open(MAY), sample.open(MAY.next()));
    archive.merge(opens, closes);
    assertThat(archive.months(RowKind.CLOSES)).containsExactly(MAY);
    assertThat(archive.months(RowKind.OPENS)).containsExactly(MAY, MAY.next());

    List<OpenFacts> openFacts = new ArrayList<>();
    List<CloseFacts> closeFacts = new ArrayList<>();
    var opensVersion = store.find(RowKind.OPENS.key(MAY)).orElseThrow().version();
    var closesVersion = store.find(RowKind.CLOSES.key(MAY)).orElseThrow().version();
    assertThat(archive.forEachOpenFacts(MAY, openFacts::add)).contains(opensVersion);
    assertThat(archive.forEachCloseFacts(MAY, closeFacts::add)).contains(closesVersion);
    assertThat(archive.forEachOpen(MAY, row -> {})).contains(opensVersion);
    assertThat(archive.forEachClose(MAY, row -> {})).contains(closesVersion);
    assertThat(openFacts)
        .extracting(OpenFacts::sessionId)
        .containsExactly(opens.get(0).sessionId());
    assertThat(closeFacts).hasSize(4);
    assertThat(archive.forEachOpen(Month.parse("2025-01"), row -> {})).isEmpty();
  }
}
