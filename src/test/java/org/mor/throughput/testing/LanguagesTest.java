package org.mor.throughput.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LanguagesTest {
  @Test
  void eachWritesSomethingInItsOwnWay() throws Exception {
    List<String> written = new ArrayList<>();
    for (Locale language : Languages.ALL) {
      Languages.in(language, () -> written.add("%,d".formatted(1_234)));
    }
    assertThat(written).containsExactly("١٬٢٣٤", "۱٬۲۳۴", "१,२३४", "1.234", "1.234");
  }
}
