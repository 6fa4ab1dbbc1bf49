package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.Heads;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.Reaudit;
import org.mor.throughput.index.Rewinding;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.index.SuspectReport;
import org.mor.throughput.metrics.Metric;
import org.mor.throughput.wiring.Cdn;

class RunFiguresTest {
  private static final Hash32 HASH = Hash32.fromHex("0x" + "1".repeat(64));

  @Test
  void aRunThatWentBackSaysSoAndCountsWhatItRetracted() throws IOException {
    RunReport report = report(Optional.of(new Rewinding.Done(3, 900, 850)), 2, 4, Optional.empty());

    assertThat(RunFigures.of(report).values())
        .containsAllEntriesOf(
            Map.of(
                Metric.RUN_REWOUND, 1L,
                Metric.STORE_GENERATION, 3L,
                Metric.ROWS_RETRACTED, 6L,
                Metric.SUSPECT_ROWS, 40L));
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/rewind/generation").intValue()).isEqualTo(3);
    assertThat(json.path("retracted").longValue()).isEqualTo(6);
    assertThat(json.path("suspect").longValue()).isEqualTo(40);
  }

  @Test
  void aRunOnAChainThatStayedAsItWasHasZeros() {
    RunReport report = report(Optional.empty(), 0, 0, Optional.empty());

    assertThat(RunFigures.of(report).values())
        .containsEntry(Metric.RUN_REWOUND, 0L)
        .containsEntry(Metric.ROWS_RETRACTED, 0L);
  }

  @Test
  void aStepThatFailedMayHaveRetractedRowsSoNoneIsNoFigure() {
    assertThat(RunFigures.of(report(Optional.empty(), 0, 0, Optional.of("no answer"))).values())
        .doesNotContainKey(Metric.ROWS_RETRACTED);
    assertThat(RunFigures.of(report(Optional.empty(), 1, 0, Optional.of("no answer"))).values())
        .containsEntry(Metric.ROWS_RETRACTED, 1L);
  }

  private static RunReport report(
      Optional<Rewinding.Done> rewound, long byScan, long byReaudit, Optional<String> failure) {
    Incremental.Report scan =
        new Incremental.Report(
            new Heads(new BlockHeader(1_020, HASH, 1), 1_000),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.of(cursor(rewound)),
            retracted(byScan),
            rewound);
    Reaudit.Report reaudit =
        new Reaudit.Report(Optional.empty(), 0, 0, retracted(byReaudit), Optional.empty());
    ScheduledRun.Report done =
        new ScheduledRun.Report(
            scan,
            Optional.<CloseRefresh.Report>empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(reaudit),
            false,
            false,
            failure,
            40);
    return new RunReport(
        new RunReport.Identity("run-1", "base", false, Optional.empty()),
        Optional.of(done),
        Optional.empty(),
        Optional.empty(),
        Optional.of(0),
        Cdn.Report.NOTHING,
        new Function.RpcMeter().total(),
        1,
        List.of(),
        Optional.empty());
  }

  private static SuspectReport retracted(long rows) {
    return new SuspectReport(0, 0, rows, 0, List.of());
  }

  private static Cursor cursor(Optional<Rewinding.Done> rewound) {
    return new Cursor(
        1_000,
        "",
        Optional.of(HASH),
        OptionalLong.of(1),
        1,
        "run-1",
        Optional.empty(),
        Cursor.VERSION,
        rewound.map(done -> new Cursor.Rewind(done.generation(), done.toBlock())).stream().toList(),
        false);
  }
}
