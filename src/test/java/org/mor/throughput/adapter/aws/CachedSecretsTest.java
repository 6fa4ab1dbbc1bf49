package org.mor.throughput.adapter.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;

class CachedSecretsTest {
  private Instant now = Instant.parse("2026-04-21T13:00:00Z");
  private @Nullable SecretUnavailableException trouble;
  private final List<String> asked = new ArrayList<>();
  private final SecretSource.Cached secrets =
      new SecretSource.Cached(
          id -> {
            asked.add(id);
            if (trouble != null) {
              throw trouble;
            }
            return id + asked.size();
          },
          () -> now);

  @Test
  void aSecretIsReadOnceInAQuarterOfAnHour() {
    assertThat(secrets.read("a")).isEqualTo("a1");
    now = now.plus(Duration.ofMinutes(15)).minusMillis(1);
    assertThat(secrets.read("a")).isEqualTo("a1");
    now = now.plusMillis(1);
    assertThat(secrets.read("a")).isEqualTo("a2");
    assertThat(asked).hasSize(2);
  }

  @Test
  void aSecretThatIsForgottenIsReadAgainAtOnce() {
    secrets.read("a");
    secrets.forget();
    assertThat(secrets.read("a")).isEqualTo("a2");
  }

  @Test
  void whileTheServiceIsBusyTheLastOneIsUsedAndAskedForEachTime() {
    secrets.read("a");
    now = now.plus(SecretSource.Cached.LIFETIME);
    trouble = new SecretUnavailableException("busy", true, new IllegalStateException());
    assertThat(secrets.read("a")).isEqualTo("a1");
    assertThat(secrets.read("a")).isEqualTo("a1");
    assertThat(asked).hasSize(3);
    assertThatThrownBy(() -> secrets.read("b")).isSameAs(trouble);
    secrets.forget();
    assertThatThrownBy(() -> secrets.read("a")).isSameAs(trouble);
    trouble = null;
    assertThat(secrets.read("a")).isEqualTo("a6");
  }

  @Test
  void aSecretThatIsGoneIsNotUsedAnyMore() {
    secrets.read("a");
    now = now.plus(SecretSource.Cached.LIFETIME);
    trouble = new SecretUnavailableException("denied", false, new IllegalStateException());
    assertThatThrownBy(() -> secrets.read("a")).isSameAs(trouble);
  }
}
