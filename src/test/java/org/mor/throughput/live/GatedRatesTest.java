package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.rollup.Minimum;

/** What the Throughput message and {@code /v1/tps} say of few sessions. */
class GatedRatesTest {
  private static final long NOW = 1_800_000_000;

  @ParameterizedTest
  @ValueSource(ints = {-30, -1, 0})
  void aMedianIsNullBelowItsMinimum(int over) {
    Rates rates = new Rates();
    rates.knownSince(0);
    for (int i = 0; i < Minimum.MEDIAN.count() + over; i++) {
      ObjectNode payload = JsonNodeFactory.instance.objectNode();
      payload.putObject("receipt").put("tps_scaled_1000", 20_000).put("ttft_ms", 400);
      rates.closed("session-" + i, NOW - 10, payload);
    }
    rates
        .json(NOW, 0)
        .path("windows")
        .forEach(
            window -> {
              assertThat(window.path("tps_median").isNull()).isEqualTo(over < 0);
              assertThat(window.path("ttft_ms_median").isNull()).isEqualTo(over < 0);
            });
  }
}
