package org.mor.throughput.testing;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * An S3 server in this process that is stricter than S3: every condition is atomic, checksums are
 * verified, and a put without a condition or any delete is refused and fails the test on {@link
 * #close}. Faults happen on demand, and every request is kept.
 */
public final class StrictS3Server implements AutoCloseable {
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final S3Bucket bucket = new S3Bucket(3);
  final S3Faults faults = new S3Faults();
  final List<S3Exchange> log = new CopyOnWriteArrayList<>();
  final List<String> violations = new CopyOnWriteArrayList<>();
  final CountDownLatch closing = new CountDownLatch(1);
  final Semaphore hanging = new Semaphore(0);
  volatile boolean missingReadsAsDenied;
  volatile boolean keepsFraming;
  volatile Optional<String> refusedHeader = Optional.empty();
  private volatile Optional<HttpHandler> services = Optional.empty();
  volatile Duration delay = Duration.ZERO;

  private StrictS3Server(HttpServer http) {
    this.http = http;
  }

  /** A server on a free loopback port with one empty bucket. A page of a listing holds 3 keys. */
  public static StrictS3Server start(String bucketName) {
    // Before the JDK's server is first used: else every answer on a kept connection waits 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      StrictS3Server server = new StrictS3Server(http);
      S3Handler s3 = new S3Handler(server, bucketName, server.bucket);
      http.createContext(
          "/",
          exchange ->
              (exchange.getRequestMethod().equals("POST") ? server.services.orElse(s3) : s3)
                  .handle(exchange));
      http.setExecutor(server.threads);
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands posts, which S3 never gets from us, to other services of AWS at the same address. */
  public void beside(HttpHandler others) {
    services = Optional.of(others);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Adds a fault to come; faults wait side by side, the oldest that matches a request happens. */
  public void inject(S3Fault fault) {
    faults.add(fault);
  }

  /** Forgets the faults that have not happened. */
  public void heal() {
    faults.clear();
  }

  /** From now on a missing key reads as 403, as for a role without s3:ListBucket. */
  public void readMissingAsDenied() {
    missingReadsAsDenied = true;
  }

  /** From now on a put that carries this header is refused as not implemented. */
  public void refuseHeader(String name) {
    refusedHeader = Optional.of(name);
  }

  /** From now on chunks are stored with their framing, as by a server that does not know it. */
  public void keepFraming() {
    keepsFraming = true;
  }

  /** From now on each request takes this long: half before it is carried out, half after. */
  public void delay(Duration duration) {
    delay = duration;
  }

  /** Waits until a request hangs; each one counts once. */
  public void awaitHang() throws InterruptedException {
    hanging.acquire();
  }

  /** Every object's content by key, at this moment. */
  public Map<String, byte[]> objects() {
    Map<String, byte[]> copy = new LinkedHashMap<>();
    bucket.snapshot().forEach((key, content) -> copy.put(key, content.body().clone()));
    return copy;
  }

  /** A header an object was put with, such as {@code Cache-Control}. */
  public Optional<String> header(String key, String name) {
    return bucket.find(key).map(content -> content.headers().get(name));
  }

  /** Every request so far, in the order they were finished; one that hangs counts as finished. */
  public List<S3Exchange> requests() {
    return List.copyOf(log);
  }

  /** How many requests there were so far. */
  public int requestCount() {
    return log.size();
  }

  /** The requests of one kind. */
  public List<S3Exchange> requests(S3Operation operation) {
    return log.stream().filter(exchange -> exchange.operation() == operation).toList();
  }

  /** Hands over and forgets the forbidden requests; without this they fail {@link #close}. */
  public List<String> takeViolations() {
    List<String> taken = new ArrayList<>(violations);
    violations.removeAll(taken);
    return taken;
  }

  /** Stops, and throws an AssertionError when anybody put without a condition or deleted. */
  @Override
  public void close() {
    closing.countDown();
    http.stop(0);
    threads.shutdownNow();
    if (!violations.isEmpty()) {
      throw new AssertionError("Requests that must never be made: " + violations);
    }
  }
}
