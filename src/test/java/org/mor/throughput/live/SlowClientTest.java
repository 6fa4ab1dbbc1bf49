package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that does not read costs the others nothing and the server a bounded queue. */
class SlowClientTest {
  private static final int BATCH = 500;
  private static final int MESSAGES = 60_000;

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  /** Upgrades to a WebSocket and never reads again. */
  private static Socket deaf(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket
        .getOutputStream()
        .write(
            """
            GET /v1/ws HTTP/1.1
            Host: x
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

            """
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void theOthersHearEverythingAndItIsDisconnected() throws Exception {
    try (LiveWorld world = new LiveWorld(directory);
        Ears quick = world.step().listen("/v1/ws/sessions");
        Socket slow = deaf(world.server.address().getPort())) {
      assertThat(quick.next().path("type").asText()).isEqualTo("resume");
      while (world.json("/v1/status").path("clients").asInt() < 2) {
        Thread.onSpinWait();
      }
      List<Message.Draft> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        batch.add(JournalTest.draft(2_000 + i));
      }
      long heard = 0;
      for (int sent = 0; sent < MESSAGES; sent += BATCH) {
        world.server.hub().publish(batch);
        for (int i = 0; i < BATCH; i++) {
          JsonNode event = quick.event();
          assertThat(event.path("server_seqno").asLong()).isGreaterThan(heard);
          heard = event.path("server_seqno").asLong();
        }
      }
      JsonNode status = world.json("/v1/status");
      assertThat(status.path("dropped").asLong()).isEqualTo(Client.DROP_LIMIT);
      assertThat(heard).isEqualTo(status.path("newest_seqno").asLong());
      assertThat(slow.isConnected()).isTrue();
      while (world.json("/v1/status").path("clients").asInt() > 1) {
        Thread.onSpinWait(); // It is given two seconds to go in order.
      }
    }
  }

  @Test
  void whoPingsWithoutEndIsDisconnected() throws Exception {
    byte[] ping = {(byte) 0x89, (byte) 0x80, 0, 0, 0, 0};
    try (LiveWorld world = new LiveWorld(directory);
        Socket noisy = deaf(world.step().server.address().getPort())) {
      while (world.json("/v1/status").path("clients").asInt() < 1) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 1_000; i++) {
        noisy.getOutputStream().write(ping);
      }
      assertThat(world.json("/v1/status").path("clients").asInt()).isEqualTo(1);
      noisy.getOutputStream().write(ping);
      while (world.json("/v1/status").path("clients").asInt() > 0) {
        Thread.onSpinWait(); // It is given two seconds to go in order.
      }
    }
  }
}
