package org.mor.throughput.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.index.BadRequestException;

class CallersTest {
  @Test
  void proxiesAreAddressesAndNetworksOfEitherKind() {
    Callers callers = new Callers(2, List.of("10.0.0.0/8", "::1"));
    assertThat(callers.isTrusted("10.255.0.1")).isTrue();
    assertThat(callers.isTrusted("11.0.0.1")).isFalse();
    assertThat(callers.isTrusted("0:0:0:0:0:0:0:1")).isTrue();
    assertThat(callers.isTrusted("localhost")).isFalse();
    assertThatThrownBy(() -> new Callers(2, List.of("10.0.0.0/33")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("no address or network");
  }
}
