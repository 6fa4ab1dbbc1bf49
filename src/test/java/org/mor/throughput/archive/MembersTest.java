package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/** Partitions of many members: what a merge copies, and that nothing is lost or stands twice. */
class MembersTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final ObjectKey KEY = RowKind.CLOSES.key(MAY);
  private static final SessionClose GOLDEN = GoldenRows.closes().get(0);
  private static final int MANY = 3 * PartitionFile.Writer.ROWS_A_MEMBER;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final RowArchive archive = new RowArchive(store, UserPrivacy.plain(), Patience.none());

  @Test
  void onlyMembersThatMayHoldTheRowsAreRead() {
    List<SessionClose> rows = rows(0, MANY);
    merge(rows);
    Set<SessionRow> stored = new HashSet<>(rows);
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      CloseRow first = rows.get(random.nextInt(MANY));
      CloseRow other = rows.get(random.nextInt(MANY));
      long block = first.position().block();
      BlockRange blocks = new BlockRange(block, block + random.nextInt(50));
      List<SessionRow> given = new ArrayList<>();
      archive.forEachLive(RowKind.CLOSES, MAY, blocks, List.of(other.sessionId()), given::add);
      assertThat(given)
          .contains(other)
          .containsAll(
              rows.stream().filter(row -> blocks.contains(row.position().block())).toList());
      assertThat(given.size()).isLessThan(MANY);
      assertThat(stored.containsAll(given)).as("nothing is given that is not stored").isTrue();
    }
    List<SessionRow> none = new ArrayList<>();
    archive.forEachLive(RowKind.CLOSES, MAY, new BlockRange(1, 2), List.of(), none::add);
    assertThat(none).isEmpty();
  }

  @Test
  void rowsAtTheEndTouchTheLastMemberAlone() {
    merge(rows(0, MANY));
    byte[] before = body();
    List<Member> members = Member.list(before);
    assertThat(members).hasSize(3);

    merge(rows(MANY, MANY + 5));

    List<Member> after = Member.list(body());
    assertThat(after).hasSize(3);
    assertThat(after.get(0).equals(body(), members.get(0), before)).isTrue();
    assertThat(after.get(1).equals(body(), members.get(1), before)).isTrue();
    assertThat(after.get(2).rows).isEqualTo(members.get(2).rows + 5);
    assertThat(lines()).isEqualTo(expected(rows(0, MANY + 5)));
  }

  @Test
  void aRowThatMovesTouchesItsOldMemberAndItsNewOne() {
    merge(rows(0, MANY));
    byte[] before = body();
    List<Member> members = Member.list(before);
    SessionClose moved = row(10, 1_000 + 2 * MANY, 7);

    merge(List.of(moved));

    List<Member> after = Member.list(body());
    assertThat(after.get(1).equals(body(), members.get(1), before)).as("between them").isTrue();
    List<SessionClose> all = new ArrayList<>(rows(0, MANY));
    all.set(10, moved);
    assertThat(lines()).isEqualTo(expected(all));
  }

  /** Late rows, rows read again, moved rows and repeated ones, in merges of any size. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverTheMergesTheRowsAreThoseOfOneMerge(long seed) throws IOException {
    Random random = new Random(seed);
    RowMerge<CloseRow> all = new RowMerge<>(RowCodec.CLOSES);
    int next = 0;
    for (int merge = 0; merge < 25; merge++) {
      List<SessionClose> rows = new ArrayList<>();
      int fresh = random.nextInt(4) == 0 ? random.nextInt(6_000) : random.nextInt(30);
      for (int i = 0; i < fresh; i++, next++) {
        int block = random.nextInt(20) == 0 ? random.nextInt(2 * next + 1) : 2 * next;
        rows.add(row(next, 1_000 + block, 0));
      }
      for (int i = random.nextInt(20); i > 0 && next > 0; i--) {
        int again = random.nextInt(next);
        rows.add(row(again, 1_000 + random.nextInt(2 * next), random.nextInt(9)));
      }
      all.addAll(rows);
      merge(rows);
    }

    assertThat(lines()).isEqualTo(expected(all.sorted()));
    assertThat(new GZIPInputStream(new ByteArrayInputStream(body())).readAllBytes())
        .as("what anybody unpacks")
        .asString(UTF_8)
        .isEqualTo(String.join("", lines()));
    assertThat(Member.list(body())).allSatisfy(one -> assertThat(one.rows).isLessThan(8_193));
    ObjectVersion stored = store.find(KEY).orElseThrow().version();
    merge(all.sorted().stream().map(SessionClose.class::cast).limit(500).toList());
    assertThat(store.find(KEY).orElseThrow().version())
        .as("after a merge of what is there")
        .isEqualTo(stored);
  }

  @Test
  void aFileOfAnotherWriterAndOneThatGrewByHandAreReadAndWrittenAsMembers() throws IOException {
    put(Gzip.encode(String.join("", expected(rows(0, 100))).getBytes(UTF_8)));
    assertThat(Member.list(body())).singleElement().matches(one -> one.mayHold(id(999)));
    merge(rows(50, 120));
    assertThat(Member.list(body())).singleElement().matches(one -> one.rows == 120);

    ByteArrayOutputStream grown = new ByteArrayOutputStream();
    grown.writeBytes(body());
    grown.writeBytes(
        Gzip.encode(String.join("", expected(List.of(row(500, 1, 0)))).getBytes(UTF_8)));
    put(grown.toByteArray());
    merge(rows(120, 130));

    List<SessionClose> all = new ArrayList<>(rows(0, 130));
    all.add(row(500, 1, 0));
    assertThat(lines()).isEqualTo(expected(all));
    assertThat(Member.list(body())).singleElement().matches(one -> one.rows == 131);
  }

  @Test
  void aKeyForUsersReachesMembersThatNoRowTouches() {
    merge(rows(0, MANY));
    RowArchive keyed = new RowArchive(store, UserPrivacy.keyed("k".repeat(40)), Patience.none());

    keyed.merge(List.of(), rows(MANY, MANY + 1));

    archive.forEachClose(MAY, row -> assertThat(((SessionClose) row).user().isHashed()).isTrue());
    byte[] before = body();
    keyed.merge(List.of(), rows(MANY + 1, MANY + 2));
    assertThat(Member.list(body()).get(0).equals(body(), Member.list(before).get(0), before))
        .as("once is enough")
        .isTrue();
  }

  /** A header that says what is not so must never hide a row from a merge. */
  @Test
  void aDamagedHeaderIsNotBelieved() {
    merge(rows(0, 200));
    byte[] whole = body();
    SessionClose again = row(3, 1_006, 9);
    List<SessionClose> all = new ArrayList<>(rows(0, 200));
    all.set(3, again);
    int field = 10 + 2 + 4 + 26 + 4 * 200 + 4;
    for (int at = 0; at < field; at++) {
      for (int bit = 0; bit < 8; bit += 3) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        put(damaged);
        try {
          merge(List.of(again));
          assertThat(lines()).as("byte %d", at).isEqualTo(expected(all));
        } catch (CorruptObjectException e) {
          assertThat(body()).as("byte %d", at).isEqualTo(damaged);
        }
      }
    }
  }

  @Test
  void aMemberWhoseContentIsDamagedStopsAMergeThatTouchesIt() {
    merge(rows(0, MANY));
    byte[] damaged = body().clone();
    Member second = Member.list(damaged).get(1);
    damaged[second.from + second.length - 100] ^= 1;
    put(damaged);

    assertThatThrownBy(() -> merge(List.of(row(5_000, 11_000, 9))))
        .isInstanceOf(CorruptObjectException.class);
    assertThatThrownBy(() -> archive.forEachClose(MAY, row -> {}))
        .isInstanceOf(CorruptObjectException.class);
  }

  private void merge(Collection<SessionClose> rows) {
    archive.merge(List.of(), rows);
  }

  private byte[] body() {
    return store.find(KEY).orElseThrow().body();
  }

  private void put(byte[] body) {
    store
        .find(KEY)
        .ifPresentOrElse(
            stored -> store.replace(KEY, body, stored.version(), ObjectAttributes.PRIVATE_GZIP),
            () -> store.create(KEY, body, ObjectAttributes.PRIVATE_GZIP));
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    archive.forEachClose(MAY, row -> lines.add(line(row)));
    return lines;
  }

  private static List<String> expected(Collection<? extends CloseRow> rows) {
    return rows.stream().sorted(RowMerge.FILE_ORDER).map(MembersTest::line).toList();
  }

  private static String line(CloseRow row) {
    return new String(RowCodec.CLOSES.encode(row), UTF_8) + "\n";
  }

  /** Row {@code i} stands in block 1,000 + 2i. */
  static List<SessionClose> rows(int from, int to) {
    List<SessionClose> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row(i, 1_000 + 2L * i, 0));
    }
    return rows;
  }

  private static Hash32 id(int number) {
    return Hash32.fromHex("0x" + Sha256.hex(("session " + number).getBytes(UTF_8)));
  }

  static SessionClose row(int number, long block, int reading) {
    return new SessionClose(
        id(number),
        GOLDEN.user(),
        GOLDEN.provider(),
        GOLDEN.bidId(),
        GOLDEN.modelId(),
        GOLDEN.modelName(),
        GOLDEN.openedAt(),
        GOLDEN.endsAt(),
        GOLDEN.closedAt(),
        GOLDEN.stake(),
        GOLDEN.pricePerSecond(),
        GOLDEN.paid(),
        GOLDEN.closeoutType(),
        GOLDEN.directPayment(),
        GOLDEN.receipt(),
        new LogPosition(block, number),
        GOLDEN.txHash(),
        Reading.at(Math.max(block, 100_000) + reading, 0));
  }
}
