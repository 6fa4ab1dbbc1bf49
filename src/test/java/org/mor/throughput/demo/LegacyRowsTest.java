package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.Month;

class LegacyRowsTest {
  private static final SimulatedMarket MARKET = Markets.of(31, 2_000);

  @Test
  void aMonthHoldsItsClosesWithoutTodaysFields() throws Exception {
    Month month = Month.parse("2026-08");
    List<String> lines = LegacyRows.closes(MARKET, month);
    boolean missing = false;
    for (String line : lines) {
      JsonNode row = new ObjectMapper().readTree(line);
      assertThat(Month.of(row.path("closedAt").asLong())).isEqualTo(month);
      assertThat(row.has("schema") || row.has("receiptFormat") || row.has("logIndex")).isFalse();
      assertThat(row.path("stake").isDouble()).isTrue();
      missing |= row.path("tokensEst").isNull();
    }
    assertThat(missing).as("some rows hold nulls").isTrue();
    assertThat((long) lines.size())
        .isEqualTo(
            MARKET.ledger().entries().stream()
                .filter(e -> e.closedAt() > 0 && Month.of(e.closedAt()).equals(month))
                .count())
        .isPositive();
  }

  @Test
  void aMonthWithoutHistoryHasNoRows() {
    assertThat(LegacyRows.closes(MARKET, Month.parse("2024-01"))).isEmpty();
  }
}
