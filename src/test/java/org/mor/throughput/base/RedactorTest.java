package org.mor.throughput.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedactorTest {
  private final Redactor redactor = new Redactor();

  @Test
  void aUrlAndEveryPartThatCanBeAKeyDisappearButTheHostStays() {
    redactor.addUrl(
        "https://user:passwordlong@base.example.com/v2/canaryPathKey?apikey=canary%2BQuery");
    assertThat(
            redactor.redact(
                "POST https://user:passwordlong@base.example.com/v2/canaryPathKey?apikey=canary%2BQuery"
                    + " at base.example.com: /v2/canaryPathKey, canary%2BQuery, canary+Query, passwordlong"))
        .isEqualTo("POST *** at base.example.com: /v2/***, ***, ***, ***")
        .doesNotContain("canary");
  }

  @Test
  void aSecretInsideALongerOneLeavesNoRest() {
    redactor.add("canary");
    redactor.add("canary-and-more");
    assertThat(redactor.redact("canary-and-more canary")).isEqualTo("*** ***");
  }

  @Test
  void anEmptySecretReplacesNothing() {
    redactor.add("");
    redactor.add("  ");
    assertThat(redactor.redact("a  b")).isEqualTo("a  b");
  }

  @Test
  void textThatIsNoUrlIsReplacedWhole() {
    redactor.addUrl("not a url canary");
    assertThat(redactor.redact("<not a url canary>")).isEqualTo("<***>");
  }
}
