package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.testing.Languages;

class MonthDigestTest {
  @Test
  void twoOperatorsAgreeWhateverTheirLanguage() throws Exception {
    String expected = digest();
    for (Locale language : Languages.ALL) {
      Languages.in(language, () -> assertThat(digest()).as("%s", language).isEqualTo(expected));
    }
  }

  private static String digest() {
    MonthDigest digest = new MonthDigest();
    for (SessionClose row : GoldenRows.closes()) {
      digest.add(row, Objects.requireNonNull(new CloseRowCodec().encodeCommon(row)));
    }
    return digest.finish();
  }
}
