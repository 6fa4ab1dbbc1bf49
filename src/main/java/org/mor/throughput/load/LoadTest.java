package org.mor.throughput.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Users who arrive as they would if the server were never late: a request is due when its user has
 * thought, whether or not the one before was answered, and its time counts from when it was due.
 */
public final class LoadTest implements AutoCloseable {
  private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(10);
  private static final long PROGRESS = TimeUnit.SECONDS.toNanos(5);
  private static final int MOST_INTERVALS = 60;

  private final Site site;
  private final LoadPlan plan;
  private final Consumer<String> progress;
  private final Figures figures = new Figures();
  private final Histogram lateMicros = new Histogram(3);
  private final Deque<User> ready = new ArrayDeque<>();
  private final List<User> everybody = new ArrayList<>();
  private final int intervalSeconds;
  private final HttpClient client;
  private final Destination destination;
  private final long begin;
  private final long end;
  private volatile int underWay;
  private int connections;
  private int streamsOpen;

  private LoadTest(Site site, LoadPlan plan, Consumer<String> progress) throws Exception {
    this.site = site;
    this.plan = plan;
    this.progress = progress;
    this.intervalSeconds = (int) Math.max(1, plan.seconds() / MOST_INTERVALS);
    ClientConnector connector = new ClientConnector();
    connector.setSelectors(1);
    connector.setConnectTimeout(Duration.ofNanos(TIMEOUT));
    this.client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    QueuedThreadPool threads = new QueuedThreadPool(8);
    threads.setDaemon(true);
    client.setExecutor(threads);
    client.setFollowRedirects(false);
    client.setIdleTimeout(0);
    client.start();
    client.getContentDecoderFactories().clear(); // What was sent is counted as it is.
    client.getProtocolHandlers().clear();
    this.destination = client.resolveDestination(client.newRequest(site.base()));
    this.begin = System.nanoTime();
    this.end = begin + (long) (plan.seconds() * 1e9);
  }

  /**
   * Carries a plan out.
   *
   * @param progress told every five seconds
   * @return the figures, durations in milliseconds
   */
  public static ObjectNode run(Site site, LoadPlan plan, Consumer<String> progress)
      throws Exception {
    try (LoadTest warming = new LoadTest(site, plan.warmUp(), line -> {})) {
      warming.follow(); // The harness's own code is slow before it is compiled.
    }
    long cpu = cpuMillis();
    try (LoadTest test = new LoadTest(site, plan, progress)) {
      test.follow();
      ObjectNode run = test.figures.json(test.intervalSeconds);
      ObjectNode harness = run.putObject("harness");
      harness.put("cpuSeconds", (cpuMillis() - cpu) / 1e3);
      harness.put("lateP99Ms", test.lateMicros.getValueAtPercentile(99) / 1e3);
      harness.put("connections", test.connections);
      return run.put("streams", test.streamsOpen);
    }
  }

  @Override
  public void close() {
    LifeCycle.stop(client);
  }

  private static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }

  private void follow() {
    SplittableRandom random = new SplittableRandom(1);
    PriorityQueue<User> users = new PriorityQueue<>(Comparator.comparingLong(user -> user.next));
    for (int i = 0; i < plan.users(); i++) {
      User user = new User(random.split(), plan, begin);
      if (i < plan.streamUsers() && site.streams()) {
        listen(user);
      } else {
        users.add(user);
        everybody.add(user);
      }
    }
    long told = begin;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      User user = users.peek();
      if (user != null && user.next <= now) {
        users.poll();
        long due = user.next;
        lateMicros.recordValue((now - due) / 1000);
        user.think(plan);
        users.add(user);
        ask(user, due);
      } else {
        LockSupport.parkNanos(Math.min(end, user == null ? end : user.next) - now);
      }
      if (now - told >= PROGRESS) {
        told = now;
        progress.accept(figures.line(TimeUnit.NANOSECONDS.toSeconds(now - begin), underWay));
      }
    }
    finish();
  }

  /** What is due already gets its time. */
  private void finish() {
    while (waits() > 0 && System.nanoTime() < end + 2 * TIMEOUT) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    for (long left = waits(); left > 0; left--) {
      figures.add("(not answered)", 0, 0, 0, 0, "not answered");
    }
  }

  private synchronized long waits() {
    return underWay + everybody.stream().mapToLong(user -> user.due.size()).sum();
  }

  private void ask(User user, long due) {
    synchronized (this) {
      user.due.add(due);
      if (!user.busy && user.due.size() == 1) {
        ready.add(user);
      }
    }
    pump();
  }

  /** Begins what may begin. */
  private void pump() {
    while (true) {
      User user;
      long due;
      synchronized (this) {
        if (underWay >= plan.readConcurrency() || ready.isEmpty()) {
          return;
        }
        user = ready.remove();
        due = user.due.remove();
        user.busy = true;
        underWay++;
      }
      String path = plan.path() != null ? plan.path() : site.next(user.paths);
      if (System.nanoTime() - due >= TIMEOUT) {
        account(user, path, due, 0, 0, "not begun in 10 s");
      } else {
        connected(
            user,
            connection -> send(user, connection, path, due),
            failure -> {
              account(user, path, due, 0, 0, Figures.kind(failure));
              pump();
            });
      }
    }
  }

  private void connected(User user, Consumer<Connection> then, Consumer<Throwable> failed) {
    Connection known = user.connection;
    if (known != null && !known.isClosed()) {
      then.accept(known);
      return;
    }
    destination.newConnection(
        Promise.from(
            made -> {
              user.connection = made;
              synchronized (this) {
                connections++;
              }
              then.accept(made);
            },
            failed));
  }

  private Request request(String path) {
    return client
        .newRequest(site.base().resolve(path))
        .headers(fields -> fields.put(HttpHeader.ACCEPT_ENCODING, "gzip"));
  }

  private void send(User user, Connection connection, String path, long due) {
    Request request = request(path).timeout(TIMEOUT, TimeUnit.NANOSECONDS);
    String known = user.etags.get(path);
    if (known != null) {
      request.headers(fields -> fields.put(HttpHeader.IF_NONE_MATCH, known));
    }
    connection.send(
        request,
        new Response.Listener() {
          private long bytes;

          @Override
          public void onContent(Response response, ByteBuffer content) {
            bytes += content.remaining();
          }

          @Override
          public void onComplete(Result result) {
            int status = result.getResponse() == null ? 0 : result.getResponse().getStatus();
            String error =
                result.isFailed()
                    ? Figures.kind(result.getFailure())
                    : status == 200 || (status == 304 && known != null) ? "" : "HTTP " + status;
            String etag =
                error.isEmpty() ? result.getResponse().getHeaders().get(HttpHeader.ETAG) : null;
            if (etag != null) {
              user.etags.put(path, etag);
            }
            account(user, path, due, bytes, status, error);
            pump();
          }
        });
  }

  private void account(User user, String path, long due, long bytes, int status, String error) {
    long now = System.nanoTime();
    int interval = (int) (TimeUnit.NANOSECONDS.toSeconds(due - begin) / intervalSeconds);
    figures.add(path.replaceFirst("\\?.*", ""), interval, now - due, bytes, status, error);
    synchronized (this) {
      underWay--;
      user.busy = false;
      if (plan.thinkMs() == 0 && now < end) {
        user.due.add(now);
      }
      if (!user.due.isEmpty()) {
        ready.add(user);
      }
    }
  }

  /** A user who listens; its time is that to the stream's head. */
  private void listen(User user) {
    String path = "/v1/sse/sessions";
    connected(
        user,
        connection ->
            connection.send(
                request(path),
                new Response.Listener() {
                  private boolean open;

                  @Override
                  public void onHeaders(Response response) {
                    open = response.getStatus() == 200;
                    String error = open ? "" : "HTTP " + response.getStatus();
                    figures.add(path, 0, System.nanoTime() - begin, 0, response.getStatus(), error);
                    synchronized (LoadTest.this) {
                      streamsOpen += open ? 1 : 0;
                    }
                  }

                  @Override
                  public void onComplete(Result result) {
                    if (System.nanoTime() < end && (open || result.getResponse() == null)) {
                      figures.add(path, 0, System.nanoTime() - begin, 0, 0, "stream ended early");
                    }
                  }
                }),
        failure -> figures.add(path, 0, System.nanoTime() - begin, 0, 0, Figures.kind(failure)));
  }
}
