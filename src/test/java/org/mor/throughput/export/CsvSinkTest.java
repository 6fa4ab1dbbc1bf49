package org.mor.throughput.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.testing.HostileText;
import org.mor.throughput.testing.ReadCsv;

class CsvSinkTest {
  @Test
  void numbersStayNumbersAndUnknownIsEmpty() throws IOException {
    StringWriter out = new StringWriter();
    CsvSink sink = new CsvSink(List.of("a", "b", "c", "d", "e"), out);
    sink.row(Arrays.asList(-5L, null, true, Wei.parse("123456789012345678901234567890"), ""));
    sink.finish();
    assertThat(out.toString())
        .isEqualTo("a,b,c,d,e\r\n-5,,true,123456789012345678901234567890,\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u200b=1"})
  void whatASpreadsheetWouldRunGetsAnApostrophe(String formula) {
    assertThat(ReadCsv.lines(CsvSink.cell(formula) + "\r\n"))
        .containsExactly(List.of("'" + formula));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-3.3", "a=b", "0x12", "qwen:tee", "'quoted'", "a\"b,c;d", "日本"})
  void anyOtherTextStaysAsItIs(String text) {
    assertThat(ReadCsv.lines(CsvSink.cell(text) + "\r\n")).containsExactly(List.of(text));
  }

  @Test
  void hostileTextIsOneHarmlessCellEvenIfNobodyCleanedIt() {
    assertThat(HostileText.all())
        .allSatisfy(
            text -> {
              List<List<String>> read = ReadCsv.lines("x," + CsvSink.cell(text) + ",y\r\n");
              assertThat(read).hasSize(1);
              assertThat(read.get(0)).hasSize(3);
              assertThat(read.get(0).get(1)).doesNotMatch("(?s)[=+\\-@\\t\\r].*").endsWith(text);
            });
  }
}
