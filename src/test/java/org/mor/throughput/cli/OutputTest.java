package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();
  private final PlainProgress plain = new PlainProgress(new PrintWriter(err), nanos::get);

  @Test
  void aTableIsAlignedAndSafe() {
    assertThat(
            new TextTable("model", "tokens>")
                .add("glm\u001b[31m\n4.7", 12)
                .add("模型", 1234567)
                .lines())
        .containsExactly("model         tokens", "glm[31m 4.7       12", "模型         1234567");
    assertThatThrownBy(() -> new TextTable("a", "b").add("x"))
        .hasMessage("A row of 1 cells in a table of 2 columns");
  }

  @Test
  void hostileNamesKeepTheirColumnAndTheirLine() {
    assertThat(TextTable.shortened("a".repeat(64), 10)).isEqualTo("a".repeat(9) + "…");
    assertThat(TextTable.shortened("模".repeat(64), 10)).isEqualTo("模".repeat(4) + "…");
    assertThat(TextTable.shortened("short", 10)).isEqualTo("short");
    assertThat(new TextTable("m", "n>").add("e" + "\u0301".repeat(40), 1).add("ee", 2).lines())
        .containsExactly("m   n", "e\u0301\u0301   1", "ee  2");
    assertThat(new TextTable("m", "n").add("\u202Eevil\u2066\r\u001b]0;x\u0007", 1).lines())
        .containsExactly("m         n", "evil]0;x  1");
  }

  @Test
  void aPipeGetsALineEveryTenSecondsWithRateAndTimeLeft() {
    try (ProgressReporter.Task task = plain.start("backfill", "blocks", 1000)) {
      after(4, task, 40);
      after(10, task, 50);
      after(11, task, 55);
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "backfill: 50 of 1000 blocks (5 %), 5 blocks/s, 190 s left",
            "backfill: 55 of 1000 blocks (5 %), 5 blocks/s, 189 s left");
  }

  @Test
  void aPipeGetsALineEveryTenthButNotEveryBlinkOfAnEye() {
    try (ProgressReporter.Task task = plain.start("backfill", "blocks", 100)) {
      after(2, task, 10);
      for (int done = 11; done <= 100; done++) {
        task.reached(done);
      }
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "backfill: 10 of 100 blocks (10 %), 5 blocks/s, 18 s left",
            "backfill: 100 of 100 blocks (100 %), 50 blocks/s, 0 s left");
  }

  @Test
  void aTaskOfNothingIsDone() {
    plain.start("backfill", "blocks", 0).close();
    assertThat(err.toString()).contains("0 of 0 blocks (100 %)");
  }

  @ParameterizedTest
  @CsvSource({
    "backfill, 10, 10, '100 % [', '] 10 of 10 blocks, 0 s left'",
    "backfill, 14900000, 3703701, ' 24 % [===', '] 3703k of 14M blocks, 0 s left'",
    "backfill, 14900000, 0, '  0 % [ ', '] 0 of 14M blocks'",
    "a name that is much longer than any of ours is and does not end, 9, 9, 'a name', 'not'"
  })
  void aTerminalOf60ColumnsGetsOneLine(String name, long total, long done, String a, String b) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ProgressReporter.Task task =
        new BarProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8))
            .start(name, "blocks", total)) {
      task.reached(done);
    }
    String said = bytes.toString(StandardCharsets.UTF_8);
    assertThat(said).contains(a, b);
    assertThat(said.split("[\\r\\n]+")).allMatch(line -> line.length() <= 60);
  }

  private void after(long seconds, ProgressReporter.Task task, long done) {
    nanos.set(seconds * 1_000_000_000);
    task.reached(done);
  }
}
