package org.mor.throughput.page;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/**
 * The page's files and a market's documents with the headers of production; any of them can be
 * replaced or fail.
 */
final class PageServer implements AutoCloseable {
  static final String API = "/api/throughput/";
  private static final Path SITE = Path.of("site");
  private static final Map<String, String> TYPES =
      Map.of(
          "html",
          "text/html; charset=utf-8",
          "js",
          "text/javascript",
          "css",
          "text/css",
          "json",
          "application/json");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newFixedThreadPool(8);
  private final Path documents;
  private final Map<String, Reply> replaced = new ConcurrentHashMap<>();
  private final Map<String, String> headers;

  /** Status and body; a status of 0 never answers. */
  record Reply(int status, String body) {}

  PageServer(Path documents) throws IOException {
    this.documents = documents;
    this.headers =
        new JsonMapper()
            .readerForMapOf(String.class)
            .readValue(Files.readString(SITE.resolve("headers.json")));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(executor);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Replaces a document or one of the page's files, by its path. */
  void replace(String path, Reply reply) {
    replaced.put(path, reply);
  }

  void replaceDocument(String name, int status, String body) {
    replace(API + name, new Reply(status, body));
  }

  void restore() {
    replaced.clear();
  }

  String document(String name) throws IOException {
    return Files.readString(documents.resolve(name));
  }

  static String siteFile(String name) throws IOException {
    return Files.readString(SITE.resolve(name));
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Reply reply = replaced.get(path);
    if (reply != null && reply.status() == 0) {
      return; // The browser waits until the server is closed.
    }
    try (exchange) {
      headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      String kind = path.substring(path.lastIndexOf('.') + 1);
      exchange.getResponseHeaders().set("Content-Type", TYPES.getOrDefault(kind, "text/plain"));
      Path file =
          path.startsWith(API)
              ? documents.resolve(path.substring(API.length()))
              : SITE.resolve(path.substring(1));
      int status = reply != null ? reply.status() : Files.isRegularFile(file) ? 200 : 404;
      byte[] body =
          reply != null
              ? reply.body().getBytes(StandardCharsets.UTF_8)
              : status == 200 ? Files.readAllBytes(file) : new byte[0];
      List<String> accepted = exchange.getRequestHeaders().get("Accept-Encoding");
      if (body.length > 0 && accepted != null && accepted.toString().contains("gzip")) {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        body = gzip(body);
      }
      boolean isBare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, isBare ? -1 : body.length);
      if (!isBare) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** As it travels from a CDN, so that a measured visit is not slower than a real one. */
  static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    }
    return packed.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
