package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.testing.StoredRows;

class RowArchiveTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final Month JUNE = Month.parse("2026-06");

  private final SampleRows sample = new SampleRows(1);
  private final FaultyStore store = FaultyStore.sound();
  private final RowArchive archive = archive(store, UserPrivacy.plain());

  @Test
  void rowsGoToThePartitionOfTheirMonth() {
    SessionClose may = sample.close(MAY);
    SessionClose june = sample.close(JUNE);
    SessionOpen open = sample.open(MAY);

    MergeReport report = archive.merge(List.of(open), List.of(june, may));

    assertThat(report.opensAdded()).isEqualTo(1);
    assertThat(report.closesAdded()).isEqualTo(2);
    assertThat(report.closesChanged()).isZero();
    assertThat(report.conflicts()).isZero();
    assertThat(report.monthsWritten()).containsExactly(MAY, JUNE);
    assertThat(closes(archive, MAY)).containsExactly(may);
    assertThat(closes(archive, JUNE)).containsExactly(june);
    assertThat(opens(archive, MAY)).containsExactly(open);
    assertThat(opens(archive, JUNE)).isEmpty();
    assertThat(store.memory.attributes(RowKind.OPENS.key(MAY)))
        .contains(ObjectAttributes.PRIVATE_GZIP);
  }

  @Test
  void mergingTheSameRowsAgainWritesNothing() {
    List<SessionClose> rows = List.of(sample.close(MAY), sample.close(MAY));
    archive.merge(List.of(), rows);
    int writes = store.writes();

    MergeReport report = archive.merge(List.of(), rows);

    assertThat(store.writes()).isEqualTo(writes);
    assertThat(report.closesAdded() + report.closesChanged()).isZero();
    assertThat(report.monthsWritten()).isEmpty();
  }

  @Test
  void aRowReadAtAHigherBlockReplacesTheStoredOne() {
    Hash32 id = sample.hash();
    SessionClose before = sample.close(id, MAY.firstSecond(), 41_000_000);
    SessionClose after = sample.close(id, MAY.firstSecond(), 41_000_100);
    archive.merge(List.of(), List.of(before));

    MergeReport report = archive.merge(List.of(), List.of(after));

    assertThat(report.closesAdded()).isZero();
    assertThat(report.closesChanged()).isEqualTo(1);
    assertThat(closes(archive, MAY)).containsExactly(after);
    archive.merge(List.of(), List.of(before));
    assertThat(closes(archive, MAY)).containsExactly(after);
  }

  @Test
  void anyOrderOfMergesEndsInTheSameBytes() {
    List<CloseRow> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rows.add(sample.close(MAY));
    }
    GoldenRows.lines("legacy-closes.ndjson").forEach(line -> rows.add(LegacyRowCodec.close(line)));
    archive.merge(List.of(), rows);
    MemoryObjectStore other = new MemoryObjectStore();
    for (int i = rows.size() - 1; i >= 0; i--) {
      archive(other, UserPrivacy.plain())
          .merge(List.of(), rows.subList(i, Math.min(i + 2, rows.size())));
    }
    assertThat(body(other)).isEqualTo(body(store));
  }

  @Test
  void anUnorderedFileComesOutInOrder() {
    List<String> lines = new ArrayList<>(GoldenRows.lines("closes.ndjson"));
    Collections.reverse(lines);
    put(RowKind.CLOSES, String.join("\n", lines));
    SessionClose last = sample.close(MAY);
    SessionClose newer = sample.close(GoldenRows.hash(2), 1_777_598_000, 46_000_000);

    MergeReport report = archive.merge(List.of(), List.of(last, newer));

    assertThat(report.closesAdded()).isEqualTo(1);
    assertThat(report.closesChanged()).isEqualTo(1);
    List<CloseRow> expected = new ArrayList<>(GoldenRows.closes());
    expected.set(1, newer);
    expected.add(last);
    assertThat(closes(archive, MAY))
        .containsExactlyInAnyOrderElementsOf(expected)
        .isSortedAccordingTo(RowMerge.FILE_ORDER);
  }

  @Test
  void oldRowsStayToTheByteBesideNewOnes() {
    put(RowKind.CLOSES, String.join("\n", GoldenRows.lines("legacy-closes.ndjson")));
    put(RowKind.OPENS, String.join("\n", GoldenRows.lines("legacy-opens.ndjson")) + "\n");

    archive.merge(GoldenRows.opens(), GoldenRows.closes());

    List<String> stored = closes(archive, MAY).stream().map(RowArchiveTest::line).toList();
    assertThat(stored)
        .hasSize(8)
        .containsAll(GoldenRows.lines("legacy-closes.ndjson"))
        .containsAll(GoldenRows.lines("closes.ndjson"));
    assertThat(opens(archive, MAY)).hasSize(4).anyMatch(LegacyOpen.class::isInstance);
  }

  @Test
  void aRetractedRowStaysInItsPartitionAndIsGivenToNobody() {
    SessionClose close = sample.close(MAY);
    SessionOpen open = sample.open(MAY);
    archive.merge(List.of(open), List.of(close));

    archive.merge(
        List.of(open.withReading(Reading.retraction(open.readAtBlock(), 1))),
        List.of(close.withReading(Reading.retraction(close.readAtBlock(), 1))));

    assertThat(opens(archive, MAY)).isEmpty();
    assertThat(closes(archive, MAY)).isEmpty();
    archive.forEachOpenFacts(MAY, facts -> Assertions.fail("%s", facts));
    archive.forEachCloseFacts(MAY, facts -> Assertions.fail("%s", facts));
    assertThat(StoredRows.lines(store.memory, "raw/"))
        .hasSize(2)
        .allMatch(line -> line.endsWith(",\"generation\":1,\"retracted\":true}"));
    assertThat(PartitionCheck.rows(RowKind.CLOSES, MAY, body(store))).isZero();

    archive.merge(List.of(), List.of(close));
    assertThat(closes(archive, MAY)).as("a stale writer").isEmpty();
    SessionClose again = close.withReading(Reading.at(close.readAtBlock() + 1, 1));
    archive.merge(List.of(), List.of(again));
    assertThat(closes(archive, MAY)).containsExactly(again);
  }

  @Test
  void rowsOfAnOlderSchemaStayToTheByteUntilTheirSessionIsReadAgain() {
    put(RowKind.CLOSES, String.join("\n", GoldenRows.lines("closes.ndjson")) + "\n");
    SessionClose again = GoldenRows.closes().get(1).withReading(Reading.at(45_600_000, 0));

    archive.merge(List.of(), List.of(sample.close(MAY), again));

    List<String> before = GoldenRows.lines("closes.ndjson");
    assertThat(StoredRows.lines(store.memory, "raw/"))
        .contains(before.get(0), before.get(2), before.get(3), line(again))
        .doesNotContain(before.get(1));
  }

  @Test
  void theDigestIsTheSameForEverySchemaAndWithoutWhatWasRetracted() {
    List<SessionClose> rows = GoldenRows.closes();
    archive.merge(GoldenRows.opens(), rows);
    MemoryObjectStore other = new MemoryObjectStore();
    SessionClose gone = sample.close(MAY);
    archive(other, UserPrivacy.plain())
        .merge(
            GoldenRows.opens().stream()
                .map(row -> row.withReading(Reading.at(45_700_000, 3)))
                .toList(),
            Stream.concat(
                    rows.stream().map(row -> row.withReading(Reading.at(45_700_000, 3))),
                    Stream.of(gone.withReading(Reading.retraction(gone.readAtBlock(), 3))))
                .toList());

    for (RowKind kind : RowKind.values()) {
      Audited before = audited(store.memory, kind);
      Audited after = audited(other, kind);
      assertThat(after.digest()).isEqualTo(before.digest());
      assertThat(after.rows()).isEqualTo(before.rows());
      assertThat(after.retracted()).isEqualTo(kind == RowKind.CLOSES ? 1 : 0);
    }
  }

  private static Audited audited(ObjectStore store, RowKind kind) {
    return new PartitionAudit(store)
        .read(
            kind,
            MAY,
            new PartitionAudit.Listener() {
              @Override
              public void row(SessionRow row) {}

              @Override
              public void fault(RowFault fault) {
                throw new AssertionError(fault.toString());
              }
            })
        .orElseThrow();
  }

  @Test
  void todaysRowReplacesTheOldOneOfItsSession() {
    put(RowKind.CLOSES, GoldenRows.lines("legacy-closes.ndjson").get(0));
    SessionClose row = sample.close(GoldenRows.hash(0xa1), 1_777_597_000, 45_500_000);

    assertThat(archive.merge(List.of(), List.of(row)).closesChanged()).isEqualTo(1);
    assertThat(closes(archive, MAY)).containsExactly(row);
  }

  @Test
  void withAKeyStoredWalletsReadAsHashesAndAreRewrittenByTheNextMerge() {
    put(
        RowKind.CLOSES,
        GoldenRows.lines("legacy-closes.ndjson").get(0)
            + "\n"
            + GoldenRows.lines("closes.ndjson").get(0));
    RowArchive keyed = archive(store, UserPrivacy.keyed("k"));

    assertThat(closes(keyed, MAY)).allMatch(row -> hasHashedUser(row.facts()));
    List<CloseFacts> facts = new ArrayList<>();
    keyed.forEachCloseFacts(MAY, facts::add);
    assertThat(facts).hasSize(2).allMatch(RowArchiveTest::hasHashedUser);

    MergeReport report = keyed.merge(List.of(), List.of(sample.close(MAY)));

    assertThat(report.closesAdded()).isEqualTo(1);
    assertThat(report.closesChanged()).isEqualTo(2);
    assertThat(closes(archive, MAY)).hasSize(3).allMatch(row -> hasHashedUser(row.facts()));
    int writes = store.writes();
    keyed.merge(List.of(), GoldenRows.closes().subList(0, 1));
    assertThat(store.writes()).isEqualTo(writes);
  }

  @Test
  void factsAreThoseOfTheRows() {
    archive.merge(List.of(), GoldenRows.closes());
    List<CloseFacts> facts = new ArrayList<>();

    archive.forEachCloseFacts(MAY, facts::add);

    assertThat(facts).isEqualTo(GoldenRows.closes().stream().map(SessionClose::facts).toList());
  }

  @Test
  void aCorruptPartitionIsNeverWrittenOver() {
    byte[] whole = Gzip.encode((GoldenRows.lines("closes.ndjson").get(0) + "\n").getBytes(UTF_8));
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    store.memory.create(RowKind.CLOSES.key(MAY), cut, ObjectAttributes.PRIVATE_GZIP);

    assertThatThrownBy(() -> archive.merge(List.of(), List.of(sample.close(MAY))))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("raw/closes/2026-05.ndjson.gz");
    assertThatThrownBy(() -> archive.forEachClose(MAY, row -> {}))
        .isInstanceOf(CorruptObjectException.class);
    assertThat(body(store)).isEqualTo(cut);
    assertThat(store.writes()).isZero();
  }

  @Test
  void partitionsAreListedByMonthAndStrangersAreLeftOut() {
    archive.merge(List.of(sample.open(MAY)), List.of(sample.close(JUNE), sample.close(MAY)));
    for (String stranger :
        List.of("raw/closes/2026-13.ndjson.gz", "raw/closes/2026-05.ndjson", "raw/closes/x/y")) {
      store.memory.create(new ObjectKey(stranger), new byte[1], ObjectAttributes.PRIVATE_GZIP);
    }

    assertThat(archive.partitions(RowKind.CLOSES)).containsOnlyKeys(MAY, JUNE);
    assertThat(archive.partitions(RowKind.OPENS)).containsOnlyKeys(MAY);
    assertThat(archive.partitions(RowKind.CLOSES).values())
        .extracting(ObjectInfo::version)
        .contains(archive.forEachClose(MAY, row -> {}).orElseThrow());
    assertThat(archive.forEachOpen(JUNE, row -> {})).isEmpty();
  }

  private void put(RowKind kind, String content) {
    store.memory.create(
        kind.key(MAY), Gzip.encode(content.getBytes(UTF_8)), ObjectAttributes.PRIVATE_GZIP);
  }

  private static boolean hasHashedUser(CloseFacts facts) {
    return facts.user() != null && facts.user().isHashed();
  }

  private static RowArchive archive(ObjectStore store, UserPrivacy privacy) {
    return new RowArchive(store, privacy, CommitRetry.none());
  }

  private static String line(CloseRow row) {
    return new String(new CloseRowCodec().encode(row), UTF_8);
  }

  private static byte[] body(ObjectStore store) {
    return store.find(RowKind.CLOSES.key(MAY)).orElseThrow().body();
  }

  private static List<CloseRow> closes(RowArchive archive, Month month) {
    List<CloseRow> rows = new ArrayList<>();
    archive.forEachClose(month, rows::add);
    return rows;
  }

  private static List<OpenRow> opens(RowArchive archive, Month month) {
    List<OpenRow> rows = new ArrayList<>();
    archive.forEachOpen(month, rows::add);
    return rows;
  }
}
