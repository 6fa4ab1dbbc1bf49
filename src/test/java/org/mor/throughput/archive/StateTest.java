package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.StoreException.StoreConflictException;

class StateTest {
  private static final NetworkId BASE = new NetworkId("base", GoldenRows.address(0x6a));
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.5Z");

  private final FaultyStore store = FaultyStore.sound();
  private final CursorStore cursors = new CursorStore(store, CommitRetry.none());
  private final CoverageStore coverage = new CoverageStore(store, CommitRetry.none());
  private final ModelCatalogStore models = new ModelCatalogStore(store, CommitRetry.none());

  @Test
  void theCursorIsWrittenAsDocumented() {
    advance(cursors, header(200, 2), BASE, NOW, "w1");

    assertThat(text(CursorStore.KEY))
        .isEqualTo(
            "{\"last_block\":200,\"last_run\":\"2026-06-01T12:00:00Z\",\"last_block_hash\":\"0x%s\",\"last_block_time\":1777600000,\"seq\":1,\"write_id\":\"w1\",\"network\":\"base\",\"diamond\":\"0x%s\",\"version\":3}"
                .formatted("02".repeat(32), "6a".repeat(20)));
    assertThat(store.memory.attributes(CursorStore.KEY)).contains(ObjectAttributes.PRIVATE_JSON);
  }

  @Test
  void theCursorOnlyMovesForwardAndCountsItsWrites() {
    assertThat(cursors.find()).isEmpty();
    Cursor first = advance(cursors, header(200, 2), BASE, NOW, "w1");
    assertThat(advance(cursors, header(200, 9), BASE, NOW, "w2")).isEqualTo(first);
    assertThat(advance(cursors, header(150, 1), BASE, NOW, "w3")).isEqualTo(first);
    assertThat(store.writes()).isEqualTo(1);

    Cursor second = advance(cursors, header(201, 3), BASE, NOW, "w4");

    assertThat(second.seq()).isEqualTo(2);
    assertThat(second.lastBlock()).isEqualTo(201);
    assertThat(cursors.find()).contains(second);
  }

  @Test
  void theCursorNeverJumpsOverBlocksThatNobodyScanned() {
    Cursor low = advance(cursors, header(200, 2), BASE, NOW, "w1");

    Cursor after = cursors.advance(new BlockRange(202, 300), header(300, 3), BASE, 0, NOW, "w2");

    assertThat(after).isEqualTo(low);
    assertThat(
            cursors
                .advance(new BlockRange(201, 300), header(300, 3), BASE, 0, NOW, "w3")
                .lastBlock())
        .isEqualTo(300);
  }

  @Test
  void anEarlyCursorIsGoneOnFrom() {
    put(CursorStore.KEY, "{\"last_block\": 123, \"last_run\": 1777600000.25, \"note\": \"x\"}");

    assertThat(cursors.find())
        .contains(
            new Cursor(
                123,
                "1.77760000025E9",
                Optional.empty(),
                OptionalLong.empty(),
                0,
                "",
                Optional.empty(),
                1));
    assertThat(advance(cursors, header(100, 1), BASE, NOW, "w").version()).isEqualTo(1);
    assertThat(advance(cursors, header(124, 1), BASE, NOW, "w").seq()).isEqualTo(1);
  }

  @Test
  void aCursorRewoundByHandIsGoneOnFrom() {
    advance(cursors, header(200, 2), BASE, NOW, "w1");
    String stored = new String(store.find(CursorStore.KEY).orElseThrow().body(), UTF_8);
    String rewound =
        stored
            .replace("\"last_block\":200", "\"last_block\":120")
            .replaceAll("\"last_block_(hash|time)\":[^,]+,", "")
            .replace("\"seq\":1", "\"seq\":2");
    assertThat(rewound).doesNotContain("hash", "time");
    store.replace(
        CursorStore.KEY,
        rewound.getBytes(UTF_8),
        store.find(CursorStore.KEY).orElseThrow().version(),
        ObjectAttributes.PRIVATE_JSON);

    Cursor next = advance(cursors, header(121, 3), BASE, NOW, "w2");

    assertThat(next.lastBlock()).isEqualTo(121);
    assertThat(next.seq()).isEqualTo(3);
    assertThat(next.lastBlockHash()).isPresent();
  }

  @Test
  void aRewindMovesTheCursorBackOnceAndSaysSoUntilItIsEnded() {
    Cursor stood = advance(cursors, header(200, 2), BASE, NOW, "w1");

    Cursor back = cursors.rewind(stood, 120, Optional.of(header(120, 1)), BASE, 1, NOW, "w2");

    assertThat(back.rewindTo()).hasValue(120);
    assertThat(text(CursorStore.KEY))
        .isEqualTo(
            "{\"last_block\":120,\"last_run\":\"2026-06-01T12:00:00Z\",\"last_block_hash\":\"0x%s\",\"last_block_time\":1777600000,\"seq\":2,\"write_id\":\"w2\",\"network\":\"base\",\"diamond\":\"0x%s\",\"generation\":1,\"rewinds\":[[1,120]],\"rewind_to\":120,\"version\":3}"
                .formatted("01".repeat(32), "6a".repeat(20)));
    assertThat(cursors.rewind(stood, 90, Optional.empty(), BASE, 1, NOW, "w3")).isEqualTo(back);
    assertThatThrownBy(
            () -> cursors.advance(new BlockRange(121, 150), header(150, 3), BASE, 1, NOW, "w4"))
        .isInstanceOf(StoreConflictException.class);
    assertThat(cursors.endRewind(2, NOW, "w5")).isEqualTo(back);

    Cursor ended = cursors.endRewind(1, NOW, "w6");

    assertThat(ended.rewindTo()).isEmpty();
    assertThat(ended.generation()).isEqualTo(1);
    assertThat(ended.seq()).isEqualTo(3);
    assertThat(cursors.find()).contains(ended);
    assertThat(cursors.rewind(stood, 90, Optional.empty(), BASE, 2, NOW, "w7")).isEqualTo(ended);
    assertThatThrownBy(
            () -> cursors.advance(new BlockRange(121, 150), header(150, 3), BASE, 0, NOW, "w8"))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("of generation 1, but this run began in generation 0");
    Cursor next = cursors.advance(new BlockRange(121, 150), header(150, 3), BASE, 1, NOW, "w9");
    assertThat(next.rewinds()).containsExactly(new Cursor.Rewind(1, 120));
  }

  @Test
  void anEarlyCursorCanBeRewoundAndOneOfTheLastVersionIsRead() {
    put(CursorStore.KEY, "{\"last_block\": 123, \"last_run\": \"x\"}");
    Cursor early = cursors.find().orElseThrow();

    cursors.rewind(early, 100, Optional.empty(), BASE, 1, NOW, "w");

    Cursor rewound = cursors.endRewind(1, NOW, "w");
    assertThat(rewound.network()).contains(BASE);
    assertThat(rewound.lastBlockHash()).isEmpty();
    String two = text(CursorStore.KEY).replaceAll("\"generation.*", "\"version\":2}");
    assertThat(CursorStore.FORM.decode(two.getBytes(UTF_8)).orElseThrow().version()).isEqualTo(2);
    assertThat(CursorStore.FORM.decode(two.getBytes(UTF_8)).orElseThrow().generation()).isZero();
  }

  @Test
  void ofTheRewindsThoseStayThatNoLaterOneWentBelow() {
    List<Cursor.Rewind> rewinds = List.of();
    for (long[] rewind : new long[][] {{1, 500}, {2, 300}, {3, 400}, {4, 450}, {5, 410}}) {
      rewinds = Cursor.with(rewinds, new Cursor.Rewind((int) rewind[0], rewind[1]));
    }
    assertThat(rewinds)
        .containsExactly(
            new Cursor.Rewind(2, 300), new Cursor.Rewind(3, 400), new Cursor.Rewind(5, 410));

    for (int i = 0; i < 2 * Cursor.MAX_REWINDS; i++) {
      rewinds = Cursor.with(rewinds, new Cursor.Rewind(6 + i, 1_000 + i));
    }
    assertThat(rewinds).hasSize(Cursor.MAX_REWINDS);
    assertThat(rewinds.get(0).toBlock()).as("the joined ones go as far back").isEqualTo(300);
  }

  @Test
  void aCursorWhoseRewindsContradictEachOtherIsCorrupt() {
    Cursor stood = advance(cursors, header(200, 2), BASE, NOW, "w1");
    cursors.rewind(stood, 120, Optional.empty(), BASE, 1, NOW, "w2");
    String good = text(CursorStore.KEY);
    for (String[] change :
        new String[][] {
          {"[[1,120]]", "[]"},
          {"[[1,120]]", "[[1,119]]"},
          {"[[1,120]]", "[[2,120]]"},
          {"[[1,120]]", "[[1,120],[1,130]]"},
          {"[[1,120]]", "[[1]]"},
          {"\"generation\":1,", ""},
          {"\"rewind_to\":120", "\"rewind_to\":121"}
        }) {
      String bad = good.replace(change[0], change[1]);
      assertThat(bad).isNotEqualTo(good);
      assertThatThrownBy(() -> CursorStore.FORM.decode(bad.getBytes(UTF_8)))
          .as(bad)
          .isInstanceOf(CorruptObjectException.class);
    }
  }

  @Test
  void aCursorOfAnotherNetworkOrDiamondIsRefused() {
    advance(cursors, header(200, 2), BASE, NOW, "w1");
    NetworkId otherDiamond = new NetworkId("base", GoldenRows.address(0x6b));

    for (NetworkId other : List.of(new NetworkId("arbitrum-one", BASE.diamond()), otherDiamond)) {
      assertThatThrownBy(() -> advance(cursors, header(300, 3), other, NOW, "w2"))
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining("state/cursor.json belongs to base 0x6a6a")
          .hasMessageContaining("this run indexes " + other);
    }
    assertThat(store.writes()).isEqualTo(1);
  }

  @Test
  void corruptStateNamesItsKeyAndIsNotWrittenOver() {
    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "null",
            "{\"last_block\":\"12\"}",
            "{\"last_block\":-1}",
            "{\"last_block\":1.5}",
            "{\"last_block\":1,\"last_block\":2}",
            "{\"last_block\":1} {}",
            "{\"last_block\":1,\"version\":2}",
            "{\"last_block\":1,\"version\":3}",
            "{\"last_block\":1,\"version\":4}",
            "{\"last_block\":99999999999999999999}")) {
      FaultyStore damaged = FaultyStore.sound();
      damaged.memory.create(CursorStore.KEY, bad.getBytes(UTF_8), ObjectAttributes.PRIVATE_JSON);
      CursorStore cursor = new CursorStore(damaged, CommitRetry.none());

      assertThatThrownBy(() -> advance(cursor, header(5, 1), BASE, NOW, "w"))
          .as(bad)
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageStartingWith("Reading state/cursor.json: ")
          .hasMessageEndingWith("restore an older version of it.");
      assertThat(damaged.writes()).isZero();
    }
  }

  @Test
  void theSpanOfUnsafeReadingsOnlyWidens() {
    UnsafeReadings readings = new UnsafeReadings(store, CommitRetry.none());
    assertThat(readings.find()).isEmpty();
    readings.add(new BlockRange(100, 120));
    readings.add(new BlockRange(90, 110));
    readings.add(new BlockRange(95, 105));
    assertThat(readings.find()).contains(new BlockRange(90, 120));
    var version = store.find(UnsafeReadings.KEY).orElseThrow().version();
    readings.add(new BlockRange(90, 120));
    assertThat(store.find(UnsafeReadings.KEY).orElseThrow().version()).isEqualTo(version);
  }

  @Test
  void corruptCoverageAndModelsAreRefusedToo() {
    put(UnsafeReadings.KEY, "{\"version\":1,\"first\":9,\"last\":8}");
    assertThatThrownBy(new UnsafeReadings(store, CommitRetry.none())::find)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("state/unsafe-readings.json");
    put(CoverageStore.KEY, "{\"version\":1,\"ranges\":[[5,9],[10,12]]}");
    assertThatThrownBy(() -> coverage.add(new BlockRange(1, 2)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("state/coverage.json: Coverage is out of order or not joined: 5..9");
    put(ModelCatalogStore.KEY, "{\"version\":1,\"models\":[{\"id\":\"0x12\"}]}");
    assertThatThrownBy(models::find)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("state/models.json");
  }

  @Test
  void stateLargerThanTheBoundIsRefused() {
    put(
        CursorStore.KEY,
        "{\"last_block\":1,\"x\":[" + "1,".repeat(StateJson.MAX_BYTES / 2) + "1]}");
    assertThatThrownBy(cursors::find)
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("more than 8388608");
  }

  @Test
  void coverageGrowsAndJoins() {
    assertThat(coverage.find()).isEqualTo(Coverage.NONE);
    coverage.add(new BlockRange(10, 19));
    coverage.add(new BlockRange(30, 39));
    assertThat(text(CoverageStore.KEY)).isEqualTo("{\"version\":1,\"ranges\":[[10,19],[30,39]]}");
    assertThat(coverage.add(new BlockRange(12, 15))).isEqualTo(coverage.find());
    assertThat(store.writes()).isEqualTo(2);

    assertThat(coverage.add(new BlockRange(20, 29)).ranges())
        .containsExactly(new BlockRange(10, 39));
  }

  @Test
  void coverageKeepsTheBlocksThatCommitsEndedWith() {
    Optional<Cursor> cursor = Optional.of(advance(cursors, header(25, 3), BASE, NOW, "w"));
    coverage.add(new BlockRange(10, 19), cursor, Optional.of(kept(19, 1, "b.example")));
    coverage.add(new BlockRange(20, 29), cursor, Optional.of(kept(29, 2, "a.example")));
    int writes = store.writes();
    coverage.add(new BlockRange(20, 25), cursor, Optional.of(kept(25, 3, "a.example")));
    coverage.add(new BlockRange(20, 29), cursor, Optional.of(kept(29, 2, "a.example")));

    assertThat(store.writes()).as("what counts as scanned").isEqualTo(writes);
    assertThat(text(CoverageStore.KEY))
        .isEqualTo(
            "{\"version\":2,\"ranges\":[[10,29]],\"generation\":0,\"hosts\":[\"a.example\",\"b.example\"],\"kept\":[[19,\"0x%s\",1777600000,1],[29,\"0x%s\",1777600000,0]]}"
                .formatted("01".repeat(32), "02".repeat(32)));
    assertThat(coverage.find().kept())
        .containsExactly(kept(19, 1, "b.example"), kept(29, 2, "a.example"));
  }

  @Test
  void afterARewindCoverageEndsAtItsBlockAndRunsFromBeforeAddNothing() {
    Cursor before = advance(cursors, header(40, 4), BASE, NOW, "w");
    coverage.add(new BlockRange(10, 19), Optional.of(before), Optional.of(kept(19, 1, "")));
    coverage.add(new BlockRange(30, 39), Optional.of(before), Optional.of(kept(39, 2, "")));

    coverage.rewind(1, 34);

    Coverage cut = coverage.find();
    assertThat(cut.ranges()).containsExactly(new BlockRange(10, 19), new BlockRange(30, 34));
    assertThat(cut.kept()).containsExactly(kept(19, 1, ""));
    assertThat(coverage.rewind(1, 12)).as("done before").isEqualTo(cut);
    assertThatThrownBy(
            () -> coverage.add(new BlockRange(35, 39), Optional.of(before), Optional.empty()))
        .isInstanceOf(StoreConflictException.class);
    Cursor now = cursors.rewind(before, 34, Optional.empty(), BASE, 1, NOW, "w");
    assertThat(coverage.add(new BlockRange(35, 39), Optional.of(now), Optional.empty()).ranges())
        .containsExactly(new BlockRange(10, 19), new BlockRange(30, 39));
  }

  @Test
  void keptBlocksOfTwoWritersAreOneListInWhateverOrderTheyCame() {
    List<KeptBlock> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(kept(i % 5, i % 3, i % 2 == 0 ? "a" : "b"));
    }
    List<KeptBlock> one = KeptBlock.union(List.of(), all);
    for (int seed = 0; seed < 100; seed++) {
      Collections.shuffle(all, new Random(seed));
      List<KeptBlock> first = KeptBlock.union(List.of(), all.subList(0, 5));
      List<KeptBlock> second = KeptBlock.union(List.of(), all.subList(3, 12));
      assertThat(KeptBlock.union(first, second)).isEqualTo(one);
      assertThat(KeptBlock.union(second, first)).isEqualTo(one);
    }
    assertThat(KeptBlock.union(one, one)).isEqualTo(one);
    assertThat(one).isSorted();
    assertThat(one.stream().map(KeptBlock::header)).doesNotHaveDuplicates();
  }

  @Test
  void twoWeeksOfCommitsStayAndOlderOnesAreThinnedOutEndsOfRangesLast() {
    Coverage coverage = Coverage.NONE;
    for (int i = 0; i < 6_000; i++) {
      boolean end = i % 100 == 99;
      long first = 10L * i;
      BlockRange range = new BlockRange(first, first + (end ? 8 : 9));
      KeptBlock last = kept(range.last(), 1, "a");
      coverage = coverage.union(new Coverage(List.of(range), 0, List.of(last)));
      assertThat(coverage.kept().size()).isLessThanOrEqualTo(2_000);
    }
    List<Long> numbers = coverage.kept().stream().map(KeptBlock::number).toList();
    for (int i = 6_000 - 1_400; i < 6_000; i++) {
      assertThat(numbers).contains(10L * i + (i % 100 == 99 ? 8 : 9));
    }
    for (int i = 99; i < 6_000; i += 100) {
      assertThat(numbers).as("the end of a range").contains(10L * i + 8);
    }
    assertThat(CoverageStore.FORM.encode(coverage)).hasSizeLessThan(250_000);
  }

  private static KeptBlock kept(long number, int hash, String host) {
    return new KeptBlock(header(number, hash), host);
  }

  @Test
  void gapsAndCoverageAreThoseOfTheBlocks() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<BlockRange> ranges = new ArrayList<>();
      boolean[] scanned = new boolean[40];
      for (int i = 0; i < random.nextInt(6); i++) {
        int first = random.nextInt(40);
        int last = Math.min(39, first + random.nextInt(8));
        ranges.add(new BlockRange(first, last));
        Arrays.fill(scanned, first, last + 1, true);
      }
      Coverage all = Coverage.of(ranges);
      Collections.shuffle(ranges, random);
      Coverage oneByOne = Coverage.NONE;
      for (BlockRange range : ranges) {
        oneByOne = oneByOne.union(range);
      }
      assertThat(oneByOne).isEqualTo(all);
      assertThat(all.union(oneByOne)).isEqualTo(all);

      int first = random.nextInt(40);
      BlockRange within = new BlockRange(first, first + random.nextInt(40 - first));
      List<BlockRange> gaps = all.gaps(within);
      for (int block = 0; block < 40; block++) {
        int number = block;
        assertThat(gaps.stream().anyMatch(gap -> gap.contains(number)))
            .as("seed %d block %d", seed, block)
            .isEqualTo(within.contains(block) && !scanned[block]);
      }
      assertThat(new Coverage(gaps).ranges()).isEqualTo(gaps);
      assertThat(all.covers(within)).isEqualTo(gaps.isEmpty());
    }
  }

  @Test
  void theCatalogKeepsTheNewestReadingOfEachModel() {
    ModelInfo old = new ModelInfo(GoldenRows.hash(1), "old", List.of("LLM", "tee"), 10);
    ModelInfo renamed = new ModelInfo(GoldenRows.hash(1), GoldenRows.HOSTILE_NAME, List.of(), 11);
    ModelInfo tie = new ModelInfo(GoldenRows.hash(1), "another", List.of(), 11);
    ModelInfo other = new ModelInfo(GoldenRows.hash(2), "other", List.of("tts"), 5);

    models.merge(List.of(old, other));
    models.merge(List.of(renamed));
    int writes = store.writes();
    assertThat(models.merge(List.of(old, renamed))).isEqualTo(models.find());
    assertThat(store.writes()).isEqualTo(writes);

    assertThat(models.find().find(GoldenRows.hash(1))).contains(renamed);
    assertThat(models.find().find(GoldenRows.hash(2))).contains(other);
    assertThat(models.find().find(GoldenRows.hash(3))).isEmpty();
    models.merge(List.of(old.in(1)));
    assertThat(models.merge(List.of(renamed)).find(GoldenRows.hash(1))).contains(old.in(1));
    assertThat(models.find().find(GoldenRows.hash(1))).contains(old.in(1));
    assertThat(ModelCatalog.EMPTY.merge(List.of(tie, renamed, old)))
        .isEqualTo(ModelCatalog.EMPTY.merge(List.of(old, renamed, tie)));
  }

  private static Cursor advance(
      CursorStore cursor, BlockHeader to, NetworkId network, Instant now, String writeId) {
    return cursor.advance(new BlockRange(0, to.number()), to, network, 0, now, writeId);
  }

  private static BlockHeader header(long number, int hash) {
    return new BlockHeader(number, GoldenRows.hash(hash), 1_777_600_000);
  }

  private void put(ObjectKey key, String content) {
    store.memory.create(key, content.getBytes(UTF_8), ObjectAttributes.PRIVATE_JSON);
  }

  private String text(ObjectKey key) {
    return new String(store.memory.find(key).orElseThrow().body(), UTF_8);
  }
}
