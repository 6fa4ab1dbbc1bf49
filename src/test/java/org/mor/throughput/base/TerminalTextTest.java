package org.mor.throughput.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
  @Test
  void escapesControlAndBidiMarksDisappear() {
    assertThat(TerminalText.clean("a\u001b[31mb\u0007\u202ec\u2066d\u200be\u009b"))
        .isEqualTo("a[31mbcde");
  }

  @Test
  void aNameCannotBreakTheLine() {
    assertThat(TerminalText.clean("glm\nerror: fake\r\tx")).isEqualTo("glm error: fake x");
  }

  @Test
  void linesStayWhereTheyAreOurs() {
    assertThat(TerminalText.cleanLines("one\n\ttwo\u001b[0m")).isEqualTo("one\n\ttwo[0m");
  }

  @Test
  void lettersOfAllScriptsStay() {
    assertThat(TerminalText.clean("Größe 模型 😀")).isEqualTo("Größe 模型 😀");
  }
}
