package org.mor.throughput.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.Month;

class SpanTest {
  private static final Month MAY = Month.parse("2026-05");

  private static long second(String time) {
    return Instant.parse(time).getEpochSecond();
  }

  @Test
  void bothDaysAreIncluded() {
    Span span =
        Span.ALL.since(LocalDate.parse("2026-05-02")).through(LocalDate.parse("2026-05-03"));
    assertThat(span.contains(second("2026-05-01T23:59:59Z"))).isFalse();
    assertThat(span.contains(second("2026-05-02T00:00:00Z"))).isTrue();
    assertThat(span.contains(second("2026-05-03T23:59:59Z"))).isTrue();
    assertThat(span.contains(second("2026-05-04T00:00:00Z"))).isFalse();
    assertThat(span).hasToString("2026-05-02-to-2026-05-03");
    assertThat(span.touches(MAY)).isTrue();
    assertThat(span.touches(MAY.next())).isFalse();
  }

  @Test
  void aMonthTouchesItselfAlone() {
    Span may = Span.of(MAY);
    assertThat(may.touches(MAY)).isTrue();
    assertThat(may.touches(Month.parse("2026-04"))).isFalse();
    assertThat(may.touches(Month.parse("2026-06"))).isFalse();
  }

  @Test
  void anEndBeforeTheStartIsRefused() {
    assertThatThrownBy(() -> new Span(10, 9)).hasMessageContaining("10 to 9");
  }
}
