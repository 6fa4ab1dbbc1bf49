package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.OpenFacts;

class PrivacyTest {
  @Test
  void noUserAndNoSessionIsInAnyPublishedByte() {
    Set<String> secrets = new TreeSet<>();
    for (CloseFacts close : Published.rows().closes()) {
      secrets.add(close.sessionId().toHex().substring(2));
      if (close.user() != null) {
        secrets.add(close.user().toHex().substring(2));
      }
    }
    for (OpenFacts open : Published.rows().opens()) {
      secrets.add(open.sessionId().toHex().substring(2));
    }
    assertThat(secrets).hasSizeGreaterThan(350);
    StringBuilder published = new StringBuilder();
    for (Document document : Published.all()) {
      published.append(new String(document.body(), StandardCharsets.UTF_8));
    }
    String text = published.toString().toLowerCase(Locale.ROOT);
    assertThat(text).contains("0xcd00000000000000000000000000000000000001");
    for (String secret : secrets) {
      assertThat(text.contains(secret)).as(secret).isFalse();
    }
  }

  @Test
  void aModelsNameIsPublishedWithoutTricks() {
    Document byModel =
        Published.all().stream()
            .filter(document -> document.key().equals(DocumentKeys.BY_MODEL))
            .findFirst()
            .orElseThrow();
    String models = new String(byModel.body(), StandardCharsets.UTF_8);
    assertThat(models)
        .contains("\"name\":\"glm-5.1\",\"type\":\"LLM\",\"tags\":[\"tee\",\"LLM\"]")
        .contains("\"name\":\"model-2\",\"type\":\"EMBEDDING\"");
  }
}
