package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.rollup.Minimum;

/** The page over a market that is below every minimum; other surfaces: {@code cli/GatesTest}. */
@ExtendWith(Browser.class)
class GatedPageTest {
  private static final int CLOSES = 20;
  private static final long NOW = Market.AS_OF.getEpochSecond();

  /** Every session has the same speed, so that it is known what must not be seen. */
  private static List<Close> closes() {
    return IntStream.range(0, CLOSES)
        .mapToObj(
            i ->
                new Close(
                    i,
                    1,
                    1 + i % 2,
                    i % 7,
                    NOW - 3_600 - i * 60_000L,
                    600,
                    false,
                    123_457,
                    7_777,
                    500,
                    900))
        .toList();
  }

  @Test
  void noSpeedRankingOrChangeIsShown(Visits shared, @TempDir Path directory)
      throws IOException, InterruptedException {
    assertThat(CLOSES).isLessThan(Minimum.MEDIAN.count());
    Market market = Market.of(directory, closes(), Map.of());
    PageServer server = new PageServer(directory);
    try (Visit visit =
        new Visits(shared.playwright(), shared.browser(), market, server)
            .open("?range=7d")
            .drawn()) {
      assertThat(visit.kpi("sessions")).isPositive();
      assertThat(visit.words("#kpis"))
          .contains("of 30 samples")
          .doesNotContainPattern("[▲▼][^A-Za-z]*%");
      assertThat(visit.words("#main"))
          .doesNotContain("7,777", "7.8", "7.7", "123.4", "123.5", "124")
          .contains("needs ");
      visit.hasDoneNothingWrong();
    } finally {
      server.close();
    }
  }
}
