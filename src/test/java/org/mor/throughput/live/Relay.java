package org.mor.throughput.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** One port before servers that come and go; cuts connections wherever they are. */
final class Relay implements AutoCloseable {
  private final ServerSocket door;
  private final Supplier<URI> server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile UnaryOperator<String> answers = UnaryOperator.identity();

  Relay(Supplier<URI> server) throws IOException {
    this.server = server;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** From now on the server's bytes are changed on their way; the length must stay. */
  void changing(UnaryOperator<String> change) {
    answers = change;
  }

  /** Resets every connection, as a network that fails. */
  void cut() {
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed already.
      }
      close(socket);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is left of it either way.
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        open.add(client);
        start(() -> join(client));
      } catch (IOException e) {
        return; // The relay was closed.
      }
    }
  }

  private void join(Socket client) {
    try {
      Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.get().getPort());
      open.add(behind);
      start(() -> pump(client, behind, false));
      pump(behind, client, true);
    } catch (IOException | IllegalArgumentException e) {
      close(client); // There is no server now.
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    byte[] bytes = new byte[1 << 13];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read; (read = in.read(bytes)) >= 0; ) {
        String text = new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
        out.write((isAnswer ? answers.apply(text) : text).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // One side is gone: so is the other.
    }
    close(from);
    close(to);
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
