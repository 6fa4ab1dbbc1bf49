package org.mor.throughput.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.testing.SelfSigned;

class EndpointTest {
  private static boolean isPublic(String address) throws Exception {
    return Endpoint.isPublic(InetAddress.getByName(address).getAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void specialAddressesAreNotPublic(String address) throws Exception {
    assertThat(isPublic(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "169.253.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.0.3.1",
        "192.0.78.1",
        "192.167.1.1",
        "192.169.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "203.0.112.1",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00::1"
      })
  void othersArePublic(String address) throws Exception {
    assertThat(isPublic(address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120|120",
        "0|0",
        "90000|86400",
        "999999999|86400",
        "9999999999999999999|0",
        "-5|0",
        "soon|0",
        "''|0",
        "Fri, 01 May 2026 00:01:00 GMT|60",
        "Thu, 30 Apr 2026 00:00:00 GMT|0",
        "Fri, 01 May 2099 00:00:00 GMT|86400"
      })
  void retryAfterIsSecondsOrADateOfADayAtMost(String header, long seconds) {
    assertThat(Endpoint.retryAfter(header, Instant.parse("2026-05-01T00:00:00Z")))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aWebhookGoesOverTlsToWhoIsTrustedOnly(@TempDir Path temp) throws Exception {
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    SSLContext context = SelfSigned.context(temp.resolve("key.p12"));
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      URI to = URI.create("https://127.0.0.1:%d/hook".formatted(server.getAddress().getPort()));
      Instant now = Instant.parse("2026-05-01T00:00:00Z");
      List<byte[]> secrets = List.of(new byte[32]);
      HttpClient trusting = HttpClient.newBuilder().sslContext(context).build();
      Endpoint trusted = new Endpoint(to, true, secrets, trusting);
      assertThat(trusted.post("msg_1", "{\"a\":1}", now).isTaken()).isTrue();
      assertThat(bodies).containsExactly("{\"a\":1}");
      Endpoint stranger = new Endpoint(to, true, secrets, HttpClient.newHttpClient());
      Endpoint.Answer refused = stranger.post("msg_2", "{}", now);
      assertThat(refused.isTaken()).isFalse();
      assertThat(refused.said()).contains("no answer", "certificat");
      assertThat(bodies).as("nothing more came through").hasSize(1);
    } finally {
      server.stop(0);
    }
  }
}
