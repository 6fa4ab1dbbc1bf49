package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final String KEY = "s3cretKeyOfThisTest";

  @Test
  void anEndpointShowsItsHostAlone() {
    Endpoint endpoint =
        Endpoint.parseAll(List.of("https://user:" + KEY + "@node.example/v2/" + KEY)).get(0);

    assertThat(endpoint).hasToString("node.example");
    assertThat(endpoint.uri()).hasToString("https://node.example/v2/" + KEY);
    assertThat(endpoint.authorization()).isPresent();
  }

  @Test
  void endpointsOfOneHostAreNumbered() {
    assertThat(
            Endpoint.parseAll(
                List.of("https://a.example/1", "https://b.example", "https://A.example/2")))
        .extracting(Endpoint::name)
        .containsExactly("a.example#1", "b.example", "A.example#2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://node.example/" + KEY,
        "https:///" + KEY,
        "node.example/" + KEY,
        "https://node.example/ " + KEY,
        "https://node.example:99999/" + KEY,
        "wss://" + KEY + "@node.example/"
      })
  void anUnusableUrlIsNamedByItsPosition(String url) {
    assertThatThrownBy(() -> Endpoint.parseAll(List.of("https://good.example", url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Endpoint 2 of 2")
        .hasMessageNotContaining(KEY)
        .hasNoCause();
  }

  @Test
  void noEndpointIsNoConfiguration() {
    assertThatThrownBy(() -> Endpoint.parseAll(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void textOfANodeIsScrubbedOfEveryPartOfTheUrl() {
    Endpoint endpoint =
        Endpoint.parseAll(List.of("https://node.example/v2/" + KEY + "?token=abcdef123")).get(0);

    String shown =
        endpoint.scrub(
            "bad key "
                + KEY.toUpperCase(java.util.Locale.ROOT)
                + " token abcdef123\n\u001b[31m see https://other.example/"
                + KEY,
            200);

    assertThat(shown).isEqualTo("bad key *** token *** [31m see (url)");
  }

  @Test
  void longTextIsCut() {
    Endpoint endpoint = Endpoint.parseAll(List.of("https://node.example")).get(0);

    assertThat(endpoint.scrub("x".repeat(500), 10)).isEqualTo("xxxxxxxxxx... (500 characters)");
  }
}
