package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.Heads;
import org.mor.throughput.index.Status;
import org.mor.throughput.index.Status.OnChain;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.publish.PublishedStuck;
import org.mor.throughput.session.Month;

class StatusFiguresTest {
  private static final long BLOCK_TIME = 1_781_913_600;
  private static final Instant TWO_MINUTES_LATER = Instant.ofEpochSecond(BLOCK_TIME + 120);

  @Test
  void everyFigureThatIsKnownIsALineWithItsNetworkAndTheSameInJson() {
    Status status =
        status(
            Optional.of(cursor(1_000, OptionalLong.of(BLOCK_TIME))),
            Optional.of(1_045L),
            List.of(new BlockRange(10, 20), new BlockRange(40, 40)));
    Report report =
        StatusFigures.of(
            "base", status, Optional.of(new PublishedStuck(990, 7, 3)), TWO_MINUTES_LATER);
    assertThat(report.lines().stream().filter(line -> !line.startsWith("#")))
        .containsExactlyInAnyOrder(
            "throughput_cursor_lag_blocks{network=\"base\"} 45",
            "throughput_cursor_lag_seconds{network=\"base\"} 120",
            "throughput_store_generation{network=\"base\"} 0",
            "throughput_coverage_gaps{network=\"base\"} 2",
            "throughput_suspect_rows{network=\"base\"} 0",
            "throughput_stuck_sessions{network=\"base\"} 7");
    assertThat(report.json())
        .hasToString(
            "{\"CursorLagBlocks\":45,\"CursorLagSeconds\":120,\"StoreGeneration\":0,\"CoverageGaps\":2,\"SuspectRows\":0,\"StuckSessions\":7}");
    assertThat(report.difference()).isFalse();
  }

  @Test
  void whatIsNotKnownIsLeftOutRatherThanZero() {
    Report report =
        StatusFigures.of(
            "base",
            status(Optional.empty(), Optional.of(1_045L), List.of()),
            Optional.empty(),
            TWO_MINUTES_LATER);
    assertThat(report.json()).as("gaps are gaps before the cursor").isEmpty();
    assertThat(report.lines())
        .containsExactly("# no figure is known: nothing is indexed in this store yet");
  }

  @Test
  void aCursorWithoutATimeHasNoAgeAndOneWithoutAHeadNoDistance() {
    Report report =
        StatusFigures.of(
            "base",
            status(Optional.of(cursor(1_000, OptionalLong.empty())), Optional.empty(), List.of()),
            Optional.empty(),
            TWO_MINUTES_LATER);
    assertThat(report.json())
        .hasToString("{\"StoreGeneration\":0,\"CoverageGaps\":0,\"SuspectRows\":0}");
  }

  @Test
  void aClockThatIsBehindTheChainIsNoNegativeAgeAndANodeThatIsBehindTheCursorNoDistance() {
    Report report =
        StatusFigures.of(
            "base",
            status(
                Optional.of(cursor(1_000, OptionalLong.of(BLOCK_TIME))),
                Optional.of(990L),
                List.of()),
            Optional.empty(),
            Instant.ofEpochSecond(BLOCK_TIME - 5));
    assertThat(report.json().path("CursorLagSeconds").longValue()).isZero();
    assertThat(report.json().has("CursorLagBlocks")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = OnChain.class,
      names = {"REORGANISED", "HEAD_IS_BELOW"})
  void whereTheChainLacksTheCursorsBlockNeitherLagNorProofIsGivenAndItIsSaid(OnChain onChain) {
    Proof proof = new Proof(1_000, 1_000, ProofState.PROVEN, 9, OptionalLong.of(9), 0);
    Report report =
        StatusFigures.of(
            "base",
            status(
                Optional.of(cursor(1_000, OptionalLong.of(BLOCK_TIME))),
                Optional.of(1_045L),
                List.of(),
                ProofRecord.NONE.advanced(proof, List.of(), 0),
                onChain),
            Optional.empty(),
            TWO_MINUTES_LATER);
    assertThat(report.json())
        .hasToString(
            "{\"CursorOnChain\":0,\"StoreGeneration\":0,\"CoverageGaps\":0,\"SuspectRows\":0}");
  }

  @Test
  void aStoreThatWasRewoundAndHoldsSuspectRowsSaysSo() {
    Cursor twice =
        new Cursor(
            1_000,
            "",
            Optional.empty(),
            OptionalLong.empty(),
            1,
            "run",
            Optional.empty(),
            3,
            List.of(new Cursor.Rewind(1, 700), new Cursor.Rewind(2, 900)),
            false);
    Suspect suspect =
        new Suspect(RowKind.CLOSES, Month.parse("2026-06"), hash(), 950, Suspect.Why.NO_EVENT);
    Status status =
        new Status(
            Optional.of(twice),
            Optional.empty(),
            OnChain.UNKNOWN,
            List.of(),
            List.of(),
            ProofRecord.NONE,
            new TreeMap<>(),
            new TreeMap<>(),
            new SuspectStore.Known(List.of(suspect), false));

    Report report = StatusFigures.of("base", status, Optional.empty(), TWO_MINUTES_LATER);

    assertThat(report.lines())
        .contains(
            "throughput_store_generation{network=\"base\"} 2",
            "throughput_suspect_rows{network=\"base\"} 1");
  }

  @Test
  void aProofIsOneWhenItHoldsAndZeroWhenItDoesNot() {
    assertThat(proven(new Proof(1_000, 1_000, ProofState.PROVEN, 9, OptionalLong.of(9), 0)))
        .containsExactly("throughput_proof_proven{network=\"base\"} 1");
    assertThat(proven(new Proof(1_000, 1_000, ProofState.gapAt(4), 4, OptionalLong.of(9), 0)))
        .containsExactly("throughput_proof_proven{network=\"base\"} 0");
  }

  @Test
  void aProofThatNobodyRanIsNoLine() {
    Status status = status(Optional.empty(), Optional.empty(), List.of());
    assertThat(proofLines(status)).isEmpty();
  }

  private static List<String> proven(Proof proof) {
    ProofRecord record = ProofRecord.NONE.advanced(proof, List.of(), 0);
    return proofLines(status(Optional.empty(), Optional.empty(), List.of(), record));
  }

  private static List<String> proofLines(Status status) {
    Report report = StatusFigures.of("base", status, Optional.empty(), TWO_MINUTES_LATER);
    return report.lines().stream()
        .filter(line -> line.startsWith("throughput_proof_proven"))
        .toList();
  }

  private static Status status(
      Optional<Cursor> cursor, Optional<Long> head, List<BlockRange> gaps) {
    return status(cursor, head, gaps, ProofRecord.NONE);
  }

  private static Status status(
      Optional<Cursor> cursor, Optional<Long> head, List<BlockRange> gaps, ProofRecord proof) {
    return status(cursor, head, gaps, proof, OnChain.UNKNOWN);
  }

  private static Status status(
      Optional<Cursor> cursor,
      Optional<Long> head,
      List<BlockRange> gaps,
      ProofRecord proof,
      OnChain onChain) {
    return new Status(
        cursor,
        head.map(number -> new Heads(new BlockHeader(number, hash(), BLOCK_TIME), number - 20)),
        onChain,
        List.of(),
        gaps,
        proof,
        new TreeMap<>(),
        new TreeMap<>(),
        SuspectStore.Known.NONE);
  }

  private static Cursor cursor(long block, OptionalLong time) {
    return new Cursor(block, "", Optional.of(hash()), time, 1, "run", Optional.empty(), 2);
  }

  private static Hash32 hash() {
    return Hash32.fromHex("0x" + "1".repeat(64));
  }
}
