package org.mor.throughput.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.report.MonthlyReport.ReportFile;
import org.mor.throughput.report.ReportSourceCodec.NothingToReportException;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.Languages;

class MonthlyReportTest {
  private static final Path GOLDEN = Path.of("src/test/resources/report/golden");
  private static final long NOW = 1_776_345_678; // 2026-04-16T13:21:18Z
  private static final long MARCH = 1_772_323_200;
  private static final List<String> HOSTILE =
      List.of(
          "<script>alert(1)</script>",
          "](https://evil.example) @everyone #1 www.evil.example",
          "a|b`c``d\\| ![x](y)",
          "--- # <!-- &lt;");

  private final MemoryObjectStore store = new MemoryObjectStore();

  /** After a change that is meant, run with {@code -Dgolden.write=true} and read the difference. */
  @Test
  void theFilesAreTheGoldenOnes() throws IOException {
    publish(varied(), Map.of());
    for (ReportFile file : report("2026-03")) {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(GOLDEN);
        Files.writeString(GOLDEN.resolve(file.name()), file.text());
      }
      assertThat(file.text())
          .as(file.name())
          .isEqualTo(Files.readString(GOLDEN.resolve(file.name())));
    }
  }

  @Test
  void theFilesAreTheGoldenOnesInEveryLanguage() throws Exception {
    publish(varied(), Map.of());
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> {
            for (ReportFile file : report("2026-03")) {
              assertThat(file.text())
                  .as("%s in %s", file.name(), language)
                  .isEqualTo(Files.readString(GOLDEN.resolve(file.name())));
            }
          });
    }
  }

  @Test
  void everyChartIsNamedInTheTextAndIsXmlWithoutScript() throws Exception {
    publish(varied(), Map.of());
    List<ReportFile> files = report("2026-03");
    assertThat(files).hasSize(4);
    for (ReportFile chart : files.subList(1, files.size())) {
      assertThat(files.get(0).text()).contains("](" + chart.name() + ")");
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(chart.text().getBytes(StandardCharsets.UTF_8)));
      assertThat(chart.text()).doesNotContain("<script", "NaN", "Infinity", "href");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,4",
    "0.2,4",
    "1,4",
    "4,4",
    "5,8",
    "9,12",
    "9.5,20",
    "11,20",
    "41,60",
    "95,100",
    "120,200",
    "450,500",
    "1001,2000",
    "999999,1000000",
    "123456789,200000000"
  })
  void theLinesOfAChartStandAtWholeNumbers(BigDecimal most, BigDecimal top) {
    assertThat(Axis.top(most)).isEqualByComparingTo(top);
    String svg = DailyBars.of("t", "day", List.of(most), false);
    List<BigDecimal> ticks =
        Pattern.compile("text-anchor=\"end\" [^>]*>([0-9.,]+)( [kMB])?<")
            .matcher(svg)
            .results()
            .map(
                tick ->
                    new BigDecimal(tick.group(1).replace(",", ""))
                        .scaleByPowerOfTen(
                            tick.group(2) == null
                                ? 0
                                : 3 + 3 * "kMB".indexOf(tick.group(2).strip())))
            .toList();
    assertThat(ticks).hasSize(5);
    for (int line = 0; line <= 4; line++) {
      assertThat(ticks.get(line).multiply(BigDecimal.valueOf(4)))
          .isEqualByComparingTo(top.multiply(BigDecimal.valueOf(line)));
    }
  }

  @Test
  void namesFromTheChainStayNames() throws IOException {
    Map<Hash32, ModelLabel> labels = new HashMap<>();
    for (int i = 0; i < HOSTILE.size(); i++) {
      labels.put(CloseBuilder.model(i + 1), new ModelLabel(HOSTILE.get(i), List.of()));
    }
    publish(varied(), labels);
    String text = report("2026-03").get(0).text();
    List<String> rows =
        text.lines().filter(line -> line.startsWith("| `") && line.contains("0x3000")).toList();
    assertThat(rows).hasSize(5);
    for (String row : rows) {
      assertThat(row.replace("\\|", "").chars().filter(c -> c == '|').count()).as(row).isEqualTo(7);
      assertThat(row.chars().filter(c -> c == '`').count()).as(row).isEqualTo(2);
    }
    String outsideCode = text.replaceAll("`[^`\n]*`", "");
    assertThat(outsideCode).doesNotContain("<", "evil", "@", "alert");
  }

  @Test
  void whatRestsOnTooFewSamplesIsLeftOutAndSaysWhatItNeeds() throws IOException {
    publish(same(29, 1), Map.of());
    assertThat(report("2026-03").get(0).text())
        .contains("| Tokens a second | - | - | - | 29 |")
        .contains(
            "All sessions: tokens a second p50 needs 1 more session, tokens a second p95 needs 43 more sessions");
    MemoryObjectStore thirty = new MemoryObjectStore();
    publish(thirty, same(30, 1), Map.of(), NOW);
    String shown =
        MonthlyReport.of(ReportSourceCodec.read(thirty, Month.parse("2026-03")), "r.md")
            .get(0)
            .text();
    assertThat(shown).contains("| Tokens a second | 40.2 (40.2 to 40.2) | - | - | 30 |");
  }

  @Test
  void anUnfinishedMonthIsSaidAndNotCompared() throws IOException {
    publish(varied(), Map.of());
    List<ReportFile> files = report("2026-04");
    assertThat(files.get(0).text()).contains("The month is not over").doesNotContain("%  |\n+");
    assertThat(files.get(0).text().lines().filter(line -> line.startsWith("| Sessions closed")))
        .allMatch(line -> line.endsWith("| - |"));
    assertThat(files.get(1).text()).contains("not over yet");
    assertThat(report("2026-03").get(1).text()).doesNotContain("not over yet");
  }

  @Test
  void aSmallBaseGivesNoPercentAndAHugeOneAFactor() throws IOException {
    List<CloseFacts> closes = new ArrayList<>(same(40, 1));
    closes.addAll(at(closes.size(), 29, MARCH - 86400));
    publish(closes, Map.of());
    assertThat(report("2026-03").get(0).text()).contains("| Sessions closed | 40 | +11 |");
    MemoryObjectStore other = new MemoryObjectStore();
    List<CloseFacts> many = new ArrayList<>(same(400, 1));
    many.addAll(at(many.size(), 31, MARCH - 86400));
    publish(other, many, Map.of(), NOW);
    assertThat(
            MonthlyReport.of(ReportSourceCodec.read(other, Month.parse("2026-03")), "r.md")
                .get(0)
                .text())
        .contains("| Sessions closed | 400 | x13 |");
  }

  /** The headline is what the page shows unless its switches are turned. */
  @Test
  void implausibleAndEstimatedTokensStandBeneathTheHeadlineAndAreNotInIt() throws IOException {
    List<CloseFacts> closes = new ArrayList<>(same(40, 1));
    closes.addAll(at(500, 40, MARCH - 86400));
    closes.add(implausible(900, MARCH, 4_000_000_000L));
    closes.add(implausible(901, MARCH - 86400, 3_000_000_000L));
    closes.add(
        CloseBuilder.closeAt(MARCH + 60)
            .session(902)
            .duration(100)
            .shorter(ReceiptFormat.FIVE_FIELD, 20_000, 900)
            .build());
    publish(store, closes, Map.of(), NOW, new MetricRules(500, MARCH, MARCH + 86400, Set.of()));
    String text = report("2026-03").get(0).text();
    assertThat(text)
        .contains(
            """
            | Tokens | 1,200 | none |
            | implausible, not among them | 4,000,000,000 | +33.3 % |
            | estimated, not among them | 2,000 | +2 k |
            | Input tokens, with implausible ones | 400 | none |
            | Output tokens, with implausible ones | 4,000,000,800 | +33.3 % |
            """);
  }

  @Test
  void implausibleTokensRankNobody() throws IOException {
    List<CloseFacts> closes = new ArrayList<>(same(40, 1));
    closes.add(implausible(900, MARCH, 4_000_000_000L));
    publish(closes, Map.of(CloseBuilder.model(1), new ModelLabel("model-1", List.of())));
    String text = report("2026-03").get(0).text();
    assertThat(text.lines().filter(line -> line.startsWith("| `model-")).toList().get(0))
        .contains("model-1", "100 %");
  }

  private static CloseFacts implausible(int session, long time, long output) {
    return CloseBuilder.closeAt(time)
        .session(session)
        .by(1, 2, 2)
        .duration(1)
        .seven(1, 1, 0, output)
        .build();
  }

  @Test
  void aMonthNobodyKnowsIsRefusedWithTheOnesThatAreKnown() {
    assertThatThrownBy(() -> report("2026-03")).hasMessageContaining("run rollup first");
    publish(same(3, 1), Map.of());
    assertThatThrownBy(() -> report("2025-01"))
        .isInstanceOf(NothingToReportException.class)
        .hasMessageContaining("2025-01", "2026-03 to 2026-04");
  }

  private static List<CloseFacts> varied() {
    return ListedRows.random(11, 2000, NOW - 80 * 86400L, NOW).closes();
  }

  private static List<CloseFacts> same(int sessions, int first) {
    return at(first, sessions, MARCH);
  }

  private static List<CloseFacts> at(int first, int sessions, long time) {
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      closes.add(
          CloseBuilder.closeAt(time + i).session(first + i).seven(40_000, 900, 10, 20).build());
    }
    return closes;
  }

  private List<ReportFile> report(String month) {
    return MonthlyReport.of(
        ReportSourceCodec.read(store, Month.parse(month)), "report-" + month + ".md");
  }

  private void publish(List<CloseFacts> closes, Map<Hash32, ModelLabel> labels) {
    publish(store, closes, labels, NOW);
  }

  private static void publish(
      MemoryObjectStore to, List<CloseFacts> closes, Map<Hash32, ModelLabel> labels, long now) {
    publish(to, closes, labels, now, new MetricRules(500, 0, 0, Set.of()));
  }

  private static void publish(
      MemoryObjectStore to,
      List<CloseFacts> closes,
      Map<Hash32, ModelLabel> labels,
      long now,
      MetricRules rules) {
    Publisher publisher = new Publisher(to, attempt -> {});
    Address diamond = Address.fromHex("0x6abe1d282f72b474e54527d93b979a4f64d3030a");
    AsOf asOf = new AsOf(45_000_000, now);
    Rollup rollup =
        ListedRows.ofCloses(closes).rollup(rules, asOf, publisher.months("base", diamond));
    DocumentHead head = new DocumentHead("base", diamond, asOf, Instant.ofEpochSecond(now));
    var documents = Documents.of(head, rollup, labels);
    publisher.publish(documents, hashes -> documents.get(0));
  }
}
