package org.mor.throughput.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.store.MemoryObjectStore;

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

  private static String health(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    return new String(start, StandardCharsets.US_ASCII);
  }

  @Test
  void onlyConnectionsThatAreOpenCount() throws IOException {
    Callers callers = new Callers(1, List.of());
    try (StoreServer server =
        StoreServer.start(
            new MemoryObjectStore(), "127.0.0.1", 0, "", (store, run) -> store, callers)) {
      int port = server.address().getPort();
      for (int i = 0; i < 200; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          assertThat(health(socket)).as("connection %d", i).isEqualTo("HTTP/1.1 200");
        }
        while (callers.connections() > 0) {
          Thread.onSpinWait();
        }
      }
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 31; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(socket);
        assertThat(health(socket)).isEqualTo("HTTP/1.1 200");
      }
      try (Socket oneMore = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
      }
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
