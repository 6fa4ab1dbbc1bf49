package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.proof.NonceWalk;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.proof.ProofRecord.MonthMark;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.testing.Fuzz;

/** Whatever an object holds, it is read as it was written or is corrupt. */
class ArchiveFuzzTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final PartitionFile<CloseRow> CLOSES =
      new PartitionFile<>(new CloseRowCodec(), MAY);
  private static final PartitionFile<OpenRow> OPENS = new PartitionFile<>(new OpenRowCodec(), MAY);

  @Test
  void lines() {
    Fuzz.of(
            "lines of closes",
            List.of(text("closes.ndjson"), text("legacy-closes.ndjson")),
            CorruptObjectException.class)
        .packed(Gzip::encode)
        .slow(10)
        .feed(input -> CLOSES.read(input, row -> assertThat(row.sessionId()).isNotNull()));
    Fuzz.of(
            "lines of opens",
            List.of(text("opens.ndjson"), text("legacy-opens.ndjson")),
            CorruptObjectException.class)
        .packed(Gzip::encode)
        .slow(10)
        .feed(input -> OPENS.read(input, row -> assertThat(row.sessionId()).isNotNull()));
  }

  private static byte[] text(String name) {
    return (String.join("\n", GoldenRows.lines(name)) + "\n").getBytes(UTF_8);
  }

  @Test
  void gzip() {
    byte[] whole = Gzip.encode(text("closes.ndjson"));
    byte[] runs = Gzip.encode(("{\"a\":\"" + "ab".repeat(5_000) + "\"}\n").getBytes(UTF_8));
    Fuzz.of("gzip of a partition", List.of(whole), CorruptObjectException.class)
        .slow(4)
        .feed(input -> CLOSES.read(input, row -> assertThat(row.sessionId()).isNotNull()));
    Fuzz.of("gzip", List.of(whole, runs, Gzip.encode(new byte[0])), CorruptObjectException.class)
        .slow(4)
        .feed(
            input -> {
              try (var in = Gzip.decode(CLOSES.key(), input)) {
                in.readAllBytes();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void cursors() {
    byte[] cursor =
        "{\"last_block\":200,\"last_run\":\"2026-06-01T12:00:00Z\",\"last_block_hash\":\"0x%s\",\"last_block_time\":1777600000,\"seq\":1,\"write_id\":\"w1\",\"network\":\"base\",\"diamond\":\"0x%s\",\"version\":2}"
            .formatted("02".repeat(32), "6a".repeat(20))
            .getBytes(UTF_8);
    byte[] early = "{\"last_block\": 123, \"last_run\": 1777600000.25}".getBytes(UTF_8);
    byte[] rewound =
        new String(cursor, UTF_8)
            .replace(
                "\"version\":2}",
                "\"generation\":3,\"rewinds\":[[1,90],[3,200]],\"rewind_to\":200,\"version\":3}")
            .getBytes(UTF_8);
    Fuzz.of("cursor", List.of(cursor, early, rewound), CorruptObjectException.class)
        .slow(4)
        .feed(
            input -> {
              Cursor read = CursorStore.FORM.decode(input).orElseThrow();
              assertThat(read.lastBlock()).isNotNegative();
              if (read.version() == Cursor.VERSION) {
                assertThat(CursorStore.FORM.decode(CursorStore.FORM.encode(Optional.of(read))))
                    .contains(read);
              }
            });
  }

  @Test
  void coverage() {
    Coverage coverage =
        Coverage.of(List.of(new BlockRange(1, 9), new BlockRange(20, 20), new BlockRange(50, 99)));
    BlockHeader header = new BlockHeader(20, GoldenRows.hash(2), 1_777_600_000);
    Coverage kept =
        new Coverage(coverage.ranges(), 2, List.of(new KeptBlock(header, "node.example")));
    Fuzz.of(
            "coverage",
            List.of(CoverageStore.FORM.encode(coverage), CoverageStore.FORM.encode(kept)),
            CorruptObjectException.class)
        .slow(4)
        .feed(
            input -> {
              Coverage read = CoverageStore.FORM.decode(input);
              assertThat(CoverageStore.FORM.decode(CoverageStore.FORM.encode(read)))
                  .isEqualTo(read);
            });
  }

  @Test
  void proofs() {
    NonceWalk.Progress progress = new NonceWalk.Progress(7, 0, 1);
    Proof proof = new Proof(900, 900, ProofState.PROVEN, 7, OptionalLong.of(7), 0);
    ProofRecord record =
        new ProofRecord(
            Optional.of(proof),
            List.of(new MonthMark(MAY, "v1", progress), new MonthMark(MAY.next(), "v2", progress)),
            new TreeSet<>(List.of(4L, 8L)),
            1);
    Fuzz.of("proof", List.of(ProofStore.FORM.encode(record)), CorruptObjectException.class)
        .slow(4)
        .feed(
            input -> {
              ProofRecord read = ProofStore.FORM.decode(input);
              assertThat(ProofStore.FORM.decode(ProofStore.FORM.encode(read))).isEqualTo(read);
            });
  }

  @Test
  void models() {
    ModelInfo model = new ModelInfo(GoldenRows.hash(1), "a\u202Eb", List.of("llm", "tee"), 10);
    byte[] catalog =
        ModelCatalog.form(ModelCatalogStore.KEY).encode(ModelCatalog.EMPTY.merge(List.of(model)));
    Fuzz.of("models", List.of(catalog), CorruptObjectException.class)
        .slow(4)
        .feed(
            input ->
                assertThat(ModelCatalog.form(ModelCatalogStore.KEY).decode(input).models())
                    .isNotNull());
  }

  @Test
  void bytesThatAreNoTextAreCorruptAndNoErrorOfReading() {
    // Leading zeros are taken for UTF-32, whose characters end at 0x10ffff.
    byte[] bytes = {0, 0, 0, '{', 0, 0, 0, '"', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertThatThrownBy(() -> CursorStore.FORM.decode(bytes))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("state/cursor.json");
    RowFields fields = new RowFields();
    assertThatThrownBy(() -> RowFieldsCodec.decode(bytes, 0, bytes.length, Layout.CLOSES, fields))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no text");
  }
}
