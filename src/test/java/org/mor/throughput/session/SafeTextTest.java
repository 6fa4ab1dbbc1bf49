package org.mor.throughput.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.ModelLabel.ModelType;

class SafeTextTest {
  @Test
  void keepsWhatPeopleWrite() {
    assertThat(SafeText.clean("  GLM-5.1  (tee)\n")).isEqualTo("GLM-5.1 (tee)");
    assertThat(SafeText.clean("<b>&\"'")).isEqualTo("<b>&\"'");
    assertThat(SafeText.clean("e\u0301 \u6A21\u578B \uD83D\uDE80"))
        .isEqualTo("\u00E9 \u6A21\u578B \uD83D\uDE80");
  }

  @Test
  void dropsWhatHidesOrTurnsText() {
    assertThat(SafeText.clean("a\u202Eb\u2066c\u200Bd\uFEFFe\u0000f\u001Bg\u00ADh\u2028i\uFE0Fj"))
        .isEqualTo("abcdefgh ij");
    assertThat(SafeText.clean("\uD800x\uDC00")).isEqualTo("x");
    assertThat(SafeText.clean("\u200B\u3164 ")).isEmpty();
  }

  @Test
  void capsLengthAndMarks() {
    assertThat(SafeText.clean("x".repeat(10_000))).hasSize(64);
    assertThat(SafeText.clean("\uD83D\uDE80".repeat(100)).codePoints()).hasSize(64);
    assertThat(SafeText.clean("q" + "\u0317".repeat(5000))).isEqualTo("q" + "\u0317".repeat(4));
  }

  @Test
  void cleaningTwiceChangesNothing() {
    for (int seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(200); i > 0; i--) {
        int ceiling = random.nextBoolean() ? 0x400 : 0x11000;
        text.appendCodePoint(random.nextInt(ceiling));
      }
      String once = SafeText.clean(text.toString());
      assertThat(SafeText.clean(once)).as("seed %d", seed).isEqualTo(once);
      assertThat(once.codePointCount(0, once.length())).isLessThanOrEqualTo(64);
    }
  }

  @Test
  void theFirstTellingTagNamesTheType() {
    assertThat(new ModelLabel("m", List.of("junk", "Text-To-Speech", "llm")).type())
        .isEqualTo(ModelType.TTS);
    assertThat(ModelType.of(List.of("S2T"))).isEqualTo(ModelType.STT);
    assertThat(ModelType.of(List.of("embeddings"))).isEqualTo(ModelType.EMBEDDING);
    assertThat(ModelType.of(List.of("t2t", "tts"))).isEqualTo(ModelType.LLM);
    assertThat(ModelType.of(List.of("string", "LMR"))).isEqualTo(ModelType.UNKNOWN);
    assertThat(new ModelLabel("m", List.of("\u200Bllm\u202E", " ")).tags()).containsExactly("llm");
  }
}
