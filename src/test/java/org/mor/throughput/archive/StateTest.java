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
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

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
            "{\"last_block\":200,\"last_run\":\"2026-06-01T12:00:00Z\",\"last_block_hash\":\"0x%s\",\"last_block_time\":1777600000,\"seq\":1,\"write_id\":\"w1\",\"network\":\"base\",\"diamond\":\"0x%s\",\"version\":2}"
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

    Cursor after = cursors.advance(new BlockRange(202, 300), header(300, 3), BASE, NOW, "w2");

    assertThat(after).isEqualTo(low);
    assertThat(
            cursors.advance(new BlockRange(201, 300), header(300, 3), BASE, NOW, "w3").lastBlock())
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
        "{\"last_block\":1,\"x\":[" + "1,".repeat(StateCodec.MAX_BYTES / 2) + "1]}");
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
    assertThat(ModelCatalog.EMPTY.merge(List.of(tie, renamed, old)))
        .isEqualTo(ModelCatalog.EMPTY.merge(List.of(old, renamed, tie)));
  }

  private static Cursor advance(
      CursorStore cursor, BlockHeader to, NetworkId network, Instant now, String writeId) {
    return cursor.advance(new BlockRange(0, to.number()), to, network, now, writeId);
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
