package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GranularityTest {
  @ParameterizedTest
  @CsvSource({
    "HOUR, 2026-04-21T13:59:59Z, 2026-04-21T13:00:00Z, 2026-04-21T14:00:00Z",
    "HOUR, 2026-04-21T14:00:00Z, 2026-04-21T14:00:00Z, 2026-04-21T15:00:00Z",
    "DAY, 2026-02-28T23:59:59Z, 2026-02-28, 2026-03-01",
    "WEEK, 2026-01-01T00:00:00Z, 2025-12-29, 2026-01-05",
    "WEEK, 2026-01-04T23:59:59Z, 2025-12-29, 2026-01-05",
    "WEEK, 2026-01-05T00:00:00Z, 2026-01-05, 2026-01-12",
    "MONTH, 2024-02-29T12:00:00Z, 2024-02, 2024-03",
    "MONTH, 2025-12-31T23:59:59Z, 2025-12, 2026-01"
  })
  void putsATimeIntoItsBucketAndNamesItAndTheNext(
      Granularity granularity, String time, String label, String next) {
    long start = granularity.start(Instant.parse(time).getEpochSecond());
    assertThat(granularity.label(start)).isEqualTo(label);
    assertThat(granularity.label(granularity.plus(start, 1))).isEqualTo(next);
    assertThat(granularity.start(granularity.plus(start, 1) - 1)).isEqualTo(start);
  }
}
