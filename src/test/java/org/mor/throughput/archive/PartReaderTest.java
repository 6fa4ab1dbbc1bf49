package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** A month read in parts: every row once, and none twice without a word. */
class PartReaderTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final ObjectKey KEY = RowKind.CLOSES.key(MAY);
  private static final int MANY = 3 * PartitionFile.Writer.ROWS_A_MEMBER;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final RowArchive archive = new RowArchive(store, UserPrivacy.plain(), Patience.none());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100})
  void thePartsHoldEachRowOnce(int parts) {
    archive.merge(List.of(), MembersTest.rows(0, MANY));
    Set<Hash32> leftOut = Set.of(MembersTest.rows(5, 6).get(0).sessionId());
    List<CloseFacts> whole = new ArrayList<>();
    archive.forEachCloseFacts(MAY, whole::add);
    whole.removeIf(facts -> leftOut.contains(facts.sessionId()));

    List<CloseFacts> all = new ArrayList<>();
    int withRows = 0;
    for (int i = 0; i < parts; i++) {
      PartReader reader = reader(i, parts, Map.of(RowKind.CLOSES, leftOut));
      int before = all.size();
      reader.closes(MAY, all::add);
      reader.opens(MAY, open -> assertThat(open).as("there are no opens").isNull());
      withRows += all.size() > before ? 1 : 0;
      assertThat(reader.versions())
          .containsEntry(RowKind.OPENS, PartReader.ABSENT)
          .containsEntry(RowKind.CLOSES, store.find(KEY).orElseThrow().version().token());
    }

    assertThat(all).containsExactlyInAnyOrderElementsOf(whole).hasSize(MANY - 1);
    assertThat(withRows).as("three members in %d parts", parts).isBetween(Math.min(parts, 2), 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void aSessionThatStandsTwiceIsSeen(int parts) {
    archive.merge(List.of(), MembersTest.rows(0, MANY));
    byte[] body = store.find(KEY).orElseThrow().body();
    CloseRow again = MembersTest.row(5, 1_000 + 2L * MANY, 0);
    store.replace(
        KEY,
        followedBy(body, again),
        store.find(KEY).orElseThrow().version(),
        ObjectAttributes.PRIVATE_GZIP);

    Set<Hash32> named = new HashSet<>();
    boolean isSeen = false;
    for (int i = 0; i < parts; i++) {
      PartReader reader = reader(i, parts, Map.of());
      try {
        reader.closes(MAY, facts -> {});
      } catch (org.mor.throughput.store.CorruptObjectException e) {
        assertThat(e).hasMessageContaining(KEY.value()).hasMessageContaining("is there twice");
        isSeen = true;
      }
      for (Hash32 session : reader.doubtful().getOrDefault(RowKind.CLOSES, Set.of())) {
        isSeen |= !named.add(session);
      }
    }

    assertThat(isSeen).isTrue();
    assertThat(named).contains(again.sessionId()).hasSizeLessThan(5);
  }

  private PartReader reader(int index, int parts, Map<RowKind, Set<Hash32>> leftOut) {
    return new PartReader(store, UserPrivacy.plain(), index, parts, leftOut);
  }

  /** A partition with a member of one row more, as no writer of ours makes it. */
  private static byte[] followedBy(byte[] body, CloseRow row) {
    try (PartitionFile.Writer<CloseRow> out =
        new PartitionFile.Writer<>(RowCodec.CLOSES, KEY, body.length, false)) {
      Member.list(body).forEach(member -> out.copy(body, member));
      out.add(row, 0);
      return out.finish();
    }
  }
}
