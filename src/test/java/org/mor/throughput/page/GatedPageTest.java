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
          .contains("Time to first token–10 of 30 samples", "Tokens per second–10 of 30 samples")
          .doesNotContainPattern("[▲▼][^A-Za-z]*%");
      assertThat(visit.words("#main"))
          .doesNotContain("7,777", "7.8", "7.7", "123.4", "123.5", "124");
      Map.of(
              "#ttft", "No day has the 30 samples a median takes",
              "#tps", "No day has the 30 samples a median takes",
              "#heatmap", "0xcd00…0001n=5needs 25 more0xcd00…0002n=5needs 25 more",
              "#recommendations", "for model-1, low input volume, needs 20 more samples",
              "#models", "n=10needs 20 moren=10needs 20 more",
              "#providers", "n=5needs 25 moren=5needs 25 more")
          .forEach((section, said) -> assertThat(visit.words(section)).as(section).contains(said));
      assertThat(visit.words("#size"))
          .contains("TTFT against input volumen=10: needs 20 more sessions")
          .contains("TPS against output volumen=10: needs 20 more sessions")
          .contains("Time to first token: medians by input and output volume")
          .containsPattern("(lowunder 1,000–n=10needs 20 more.*){2}")
          .containsPattern("(model-1: n=10: needs 20 more sessions.*){2}");
      visit.hasDoneNothingWrong();
    } finally {
      server.close();
    }
  }
}
