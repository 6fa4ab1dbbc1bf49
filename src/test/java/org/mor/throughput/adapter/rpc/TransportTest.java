package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.testing.SelfSigned;
import org.mor.throughput.testing.VirtualTime;

/** TLS that is wrong, redirects, and bodies that come compressed. */
class TransportTest extends NodeTest {
  private static HttpsServer tls;
  private final FakeNode node = node();

  @BeforeAll
  static void listen(@TempDir Path temp) throws Exception {
    SSLContext context = SelfSigned.context(temp.resolve("key.p12"));
    tls = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(context));
    tls.start();
  }

  @AfterAll
  static void stop() {
    tls.stop(0);
  }

  private static void endsAtOnce(String url, String... said) {
    VirtualTime time = new VirtualTime();
    RpcChainReader reader =
        RpcChainReader.open(
            List.of(url), Readers.CHAIN, RpcOptions.defaults(), time, new Random(1));
    assertThatThrownBy(reader::chainId)
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContainingAll(said)
        .hasMessageContaining("next: ")
        .hasMessageNotContaining(FakeNode.CANARY);
    assertThat(Readers.stats(reader).requests()).as("no second try").isEqualTo(1);
    assertThat(time.slept()).isZero();
  }

  private static String url(String scheme, int port) {
    return "%s://127.0.0.1:%d/v2/%s".formatted(scheme, port, FakeNode.CANARY);
  }

  @Test
  void aCertificateThatNobodyTrustsIsNamed() {
    endsAtOnce(
        url("https", tls.getAddress().getPort()),
        "127.0.0.1",
        "certificate is not trusted",
        "operations.md");
  }

  @Test
  void httpForAPortWithTlsIsNamed() {
    endsAtOnce(url("http", tls.getAddress().getPort()), "speaks TLS", "https://");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 header parser received no bytes",
        "Invalid status line: \"\u0015\u0003\u0003\"",
        "parsing HTTP/1.1 status line, receiving [\u0015\u0003], parser state [STATUS_LINE]",
        "Broken pipe",
        "any words that a later JDK may have"
      })
  void tlsIsRecognisedWhateverTheClientSaysOfIt(String words) {
    Endpoint plain = plainTo(tls.getAddress().getPort());

    assertThat(TlsFault.of(plain, new IOException(words), () -> true))
        .get()
        .asString()
        .contains("speaks TLS");
    assertThat(TlsFault.of(plain, new IOException(words), () -> false)).isEmpty();
  }

  @Test
  void aPortThatNeverAnsweredIsNotAskedForTls() {
    Endpoint plain = plainTo(tls.getAddress().getPort());
    BooleanSupplier never = () -> fail("asked");

    assertThat(TlsFault.of(plain, new ConnectException("refused"), never)).isEmpty();
    assertThat(TlsFault.of(plain, new HttpTimeoutException("late"), never)).isEmpty();
  }

  @Test
  void httpsForAPortWithoutTlsIsNamed() throws IOException {
    try (ServerSocket server = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      endsAtOnce(url("https", server.getLocalPort()), "plain HTTP", "http://");
    }
  }

  @Test
  void aPortThatHangsUpOnPlainHttpMayBeANodeThatRestarts() throws IOException {
    try (ServerSocket server = answering("")) {
      RpcChainReader reader =
          RpcChainReader.open(
              List.of(url("http", server.getLocalPort())),
              Readers.CHAIN,
              RpcOptions.defaults(),
              new VirtualTime(),
              new Random(1));

      assertThatThrownBy(reader::chainId).hasMessageContainingAll("12 tries", "try again later");
    }
  }

  /** Answers the first byte of every connection with {@code text} and hangs up. */
  private static ServerSocket answering(String text) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().read();
                  socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // The client was quicker to hang up, or the test is over.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  static Stream<Arguments> certificates() {
    return Stream.of(
        Arguments.of(new CertificateExpiredException("NotAfter: 2020"), "has expired"),
        Arguments.of(new CertificateNotYetValidException("NotBefore: 2099"), "clock"),
        Arguments.of(
            new CertificateException("No subject alternative DNS name matching x found."),
            "for another host"),
        Arguments.of(new CertificateException("No name matching x found"), "for another host"),
        Arguments.of(new CertificateException("PKIX path building failed"), "not trusted"));
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void whatIsWrongWithACertificateIsSaid(CertificateException wrong, String said) {
    SSLHandshakeException thrown = new SSLHandshakeException(wrong.getMessage());
    thrown.initCause(wrong);

    assertThat(TlsFault.of(endpoint(), thrown, () -> false)).get().asString().contains(said);
  }

  @Test
  void aHandshakeThatIsRefusedLastsAndOneThatIsCutOffPasses() {
    assertThat(handshake("Received fatal alert: protocol_version")).isPresent();
    assertThat(handshake("Received fatal alert: handshake_failure")).isPresent();
    assertThat(handshake("Received fatal alert: internal_error")).isEmpty();
    assertThat(handshake("Remote host terminated the handshake")).isEmpty();
  }

  private static Optional<String> handshake(String message) {
    return TlsFault.of(endpoint(), new SSLHandshakeException(message), () -> false);
  }

  private static Endpoint plainTo(int port) {
    return Endpoint.parseAll(List.of(url("http", port))).get(0);
  }

  private static Endpoint endpoint() {
    return Endpoint.parseAll(List.of("https://node.example/" + FakeNode.CANARY)).get(0);
  }

  @Test
  void aRedirectIsNamedWithTheHostItLeadsToAndNoMore() {
    node.always(
        Replies.status(301, "", "Location", "https://elsewhere.example/v2/" + FakeNode.CANARY));

    endsAtOnce(node.url(), "HTTP 301", "https on elsewhere.example", "final address");
  }

  @Test
  void aBodyInGzipIsReadAlthoughNoneWasAskedFor() {
    node.always(gzip(answer -> answer));

    assertThat(Readers.patient(new VirtualTime(), node).logs(FakeChain.query(1, 100)).logs())
        .hasSize(10);
  }

  @Test
  void aSmallGzipThatUnfoldsToTooMuchIsRefused() {
    node.always(gzip(answer -> new byte[Transport.MOST_BYTES + 1]));

    assertThatThrownBy(() -> Readers.patient(new VirtualTime(), node).chainId())
        .hasMessageContaining("a body of more than " + Transport.MOST_BYTES + " bytes");
  }

  private static Reply gzip(UnaryOperator<byte[]> edit) {
    return (exchange, request, self) -> {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(edit.apply(self.answer(request).toString().getBytes(StandardCharsets.UTF_8)));
      }
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
      exchange.sendResponseHeaders(200, bytes.size());
      bytes.writeTo(exchange.getResponseBody());
      exchange.close();
    };
  }
}
