package org.mor.throughput.adapter.rpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Recognises the faults of a connection that no waiting mends: wrong TLS, or TLS or not. */
final class TlsFault {
  private static final int LOOK_MILLIS = 5_000;

  private TlsFault() {}

  /**
   * What is wrong and what to do; empty when it may pass.
   *
   * @param mayLook whether the port may be asked if it speaks TLS; asked when plain HTTP failed
   */
  static Optional<String> of(Endpoint endpoint, Throwable cause, BooleanSupplier mayLook) {
    String message = String.valueOf(cause.getMessage());
    Optional<CertificateException> certificate = find(cause, CertificateException.class);
    if (certificate.isPresent()) {
      return Optional.of(certificate(cause, certificate.get()));
    }
    if (cause instanceof SSLException && message.contains("nrecognized SSL message")) {
      return Optional.of("the port speaks plain HTTP: write http:// in this endpoint's URL");
    }
    if (cause instanceof SSLHandshakeException && isLasting(message)) {
      return Optional.of("no TLS connection could be agreed on: " + message);
    }
    boolean plain = endpoint.uri().getScheme().equalsIgnoreCase("http");
    return plain && isNoHttp(cause) && mayLook.getAsBoolean() && speaksTls(endpoint.uri())
        ? Optional.of("the port speaks TLS: write https:// in this endpoint's URL")
        : Optional.empty();
  }

  private static String certificate(Throwable cause, CertificateException certificate) {
    if (find(cause, CertificateExpiredException.class).isPresent()) {
      return "its TLS certificate has expired; check this machine's clock too";
    }
    if (find(cause, CertificateNotYetValidException.class).isPresent()) {
      return "its TLS certificate is not valid yet; check this machine's clock too";
    }
    String message = String.valueOf(certificate.getMessage());
    return message.startsWith("No subject alternative") || message.startsWith("No name matching")
        ? "its TLS certificate is for another host; check the host in this endpoint's URL"
        : "its TLS certificate is not trusted: "
            + message
            + "; trust a CA of your own as docs/operations.md says";
  }

  /** A hang-up in the handshake may pass, as may a fault of the other side. */
  private static boolean isLasting(String message) {
    return !message.contains("terminated the handshake") && !message.contains("internal_error");
  }

  /**
   * A port with TLS hangs up on plain HTTP or answers in TLS, which every JDK words differently; so
   * does a node that restarts. Only a connection that never was, or an answer that never came, is
   * something else.
   */
  private static boolean isNoHttp(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof ConnectException)
        && !(cause instanceof HttpTimeoutException);
  }

  private static boolean speaksTls(URI uri) {
    SocketFactory sockets = SSLSocketFactory.getDefault();
    try (SSLSocket socket = (SSLSocket) sockets.createSocket()) {
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      socket.connect(new InetSocketAddress(uri.getHost(), port), LOOK_MILLIS);
      socket.setSoTimeout(LOOK_MILLIS);
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      // A certificate that is not trusted is one all the same.
      return find(e, CertificateException.class).isPresent();
    }
  }

  private static <T extends Throwable> Optional<T> find(Throwable cause, Class<T> type) {
    for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
      if (type.isInstance(inner)) {
        return Optional.of(type.cast(inner));
      }
    }
    return Optional.empty();
  }
}
