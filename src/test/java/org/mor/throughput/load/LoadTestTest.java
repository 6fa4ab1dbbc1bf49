package org.mor.throughput.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** Against real servers on real sockets. */
class LoadTestTest {
  private static final String SUMMARY = "/api/throughput/summary.json";

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger known = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private @Nullable StoreServer server;

  /**
   * Serves a summary; {@code trouble} is the milliseconds that the nth request waits, or -status.
   */
  private Site serve(ToIntFunction<Integer> trouble) throws Exception {
    put(
        "summary.json",
        "{\"schemaVersion\":1,\"asOfBlock\":1,\"documents\":{\"rollup/daily.json\":\"\"}}");
    put("rollup/daily.json", "[]");
    StoreServer started =
        StoreServer.start(
            store,
            "127.0.0.1",
            0,
            "",
            (documents, executor) ->
                new Handler.Wrapper(documents) {
                  @Override
                  public boolean handle(Request request, Response response, Callback callback)
                      throws Exception {
                    return answer(
                        trouble.applyAsInt(asked.incrementAndGet()),
                        () -> super.handle(request, response, callback),
                        request,
                        response,
                        callback);
                  }
                });
    server = started;
    Site site = Site.look(started.address());
    assertThat(site.documents()).containsExactly("/api/throughput/rollup/daily.json");
    asked.set(0);
    return site;
  }

  private boolean answer(
      int trouble, Callable<Boolean> then, Request request, Response response, Callback callback)
      throws Exception {
    ports.add(Request.getRemotePort(request));
    known.addAndGet(request.getHeaders().contains("If-None-Match") ? 1 : 0);
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    Thread.sleep(Math.max(0, trouble));
    inside.decrementAndGet(); // Before the answer, which makes room for another request.
    if (trouble < 0) {
      Response.writeError(request, response, callback, -trouble);
      return true;
    }
    return then.call();
  }

  private void put(String key, String body) {
    store.create(new ObjectKey(key), body.getBytes(UTF_8), ObjectAttributes.PUBLISHED_JSON);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static LoadPlan plan(int users, int concurrency, int thinkMillis, String only) {
    return new LoadPlan("t", users, concurrency, 1, thinkMillis, only, 0);
  }

  private static JsonNode run(Site site, LoadPlan plan) throws Exception {
    return LoadTest.run(site, plan, line -> {});
  }

  @Test
  void whatIsDueWhenTheTimeIsOverIsStillAsked() throws Exception {
    JsonNode all = run(serve(n -> 15), plan(20, 1, 100, SUMMARY)).path("total");
    assertThat(all.path("ok").asInt()).as("200 are due on average").isBetween(120, 300);
    assertThat(all.path("fail").asInt()).isZero();
    assertThat(all.path("p95Ms").asDouble()).as("they had to wait").isGreaterThan(500);
  }

  @Test
  void everyUserHasAConnectionAndAsksAsABrowserDoes() throws Exception {
    JsonNode run = run(serve(n -> 0), plan(60, 60, 200, SUMMARY));
    JsonNode all = run.path("total");
    assertThat(all.path("fail").asInt()).as("%s", run).isZero();
    assertThat(all.path("total").asInt()).isBetween(150, 600); // 300 are due on average.
    assertThat(run.at("/harness/connections").asInt()).isBetween(50, 60);
    assertThat(ports.size()).isGreaterThanOrEqualTo(run.at("/harness/connections").asInt());
    assertThat(asked.get()).isGreaterThanOrEqualTo(all.path("total").asInt());
    int remembered = run.path("notModified").asInt();
    assertThat(remembered)
        .isEqualTo(all.path("total").asInt() - run.at("/harness/connections").asInt());
    assertThat(known.get()).isGreaterThanOrEqualTo(remembered);
  }

  @Test
  void aStallCountsForAllWhoWouldHaveAskedMeanwhile() throws Exception {
    // One user alone, who asks 200 times a second; once the server is silent for half of it.
    JsonNode run = run(serve(n -> n == 60 ? 500 : 0), plan(1, 1, 5, SUMMARY));
    assertThat(asked.get()).isGreaterThan(60);
    assertThat(run.at("/total/total").asInt())
        .as("asked for while it was silent, too")
        .isGreaterThan(120);
    assertThat(run.at("/total/p95Ms").asDouble()).as("%s", run).isGreaterThan(200);
    assertThat(run.at("/total/fail").asInt()).isZero();
  }

  @Test
  void noMoreThanAllowedAreUnderWayAndTheOthersWait() throws Exception {
    JsonNode run = run(serve(n -> 20), plan(40, 3, 100, SUMMARY));
    assertThat(most.get()).isEqualTo(3);
    assertThat(run.at("/total/p50Ms").asDouble()).isGreaterThan(100);
  }

  @Test
  void errorsAreToldApart() throws Exception {
    JsonNode run = run(serve(n -> n % 4 == 0 ? -503 : 0), plan(20, 20, 100, SUMMARY));
    assertThat(run.at("/errors/0/kind").asText()).isEqualTo("HTTP 503");
    assertThat(run.at("/errors/0/count").asInt())
        .isEqualTo(run.at("/total/fail").asInt())
        .isPositive();
    assertThat(run.at("/total/okPercent").asDouble()).isBetween(60.0, 85.0);
    StoreServer closing = Objects.requireNonNull(server);
    Site gone = new Site(closing.address(), List.of(), false, false);
    closing.close();
    JsonNode refused = run(gone, plan(5, 5, 100, SUMMARY));
    assertThat(refused.at("/errors/0/kind").asText()).isEqualTo("connection refused");
    assertThat(refused.at("/total/ok").asInt()).isZero();
    assertThat(refused.at("/total/okPercent").asDouble()).isZero();
  }

  @Test
  void whatIsNoServerOfOursIsSaid() throws Exception {
    URI elsewhere = serve(n -> 0).base().resolve("/nothing/");
    StoreServer empty = StoreServer.start(new MemoryObjectStore(), 0);
    try (empty) {
      assertThatThrownBy(() -> Site.look(empty.address()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no summary of this program");
    }
    assertThat(Site.isHere(elsewhere)).isTrue();
    assertThat(Site.isHere(URI.create("http://192.0.2.1/"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 60, 5000, --users",
    "10001, 1, 60, 5000, --users",
    "10, 11, 60, 5000, --read-concurrency",
    "10, 0, 60, 5000, --read-concurrency",
    "10, 10, 0, 5000, --duration",
    "10, 10, 3601, 5000, --duration",
    "10000, 10, 60, 100, --users by --think"
  })
  void whatIsTooMuchIsRefused(int users, int concurrency, int seconds, int think, String option) {
    LoadPlan plan = new LoadPlan("t", users, concurrency, seconds, think, null, 0);
    assertThat(plan.refusal().orElseThrow()).startsWith(option);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p95", "p95=", "p95=-1", "p96=1ms", "ok=99ms", "p95=5%", "p95=1s", ","})
  void limitsThatAreNotUnderstoodAreNone(String text) {
    assertThat(LoadPlan.Limit.parse(text)).isEmpty();
  }

  @Test
  void limitsHoldOrNot() {
    var limits = LoadPlan.Limit.parse("ok=99.9,p95=500ms,avg=20").orElseThrow();
    assertThat(limits.get(0).holds(99.9)).isTrue();
    assertThat(limits.get(0).holds(99.89)).isFalse();
    assertThat(limits.get(1).holds(500)).isTrue();
    assertThat(limits.get(1).holds(500.001)).isFalse();
    assertThat(limits).asString().contains("ok at least 99.9 %", "avg at most 20.0 ms");
    assertThat(LoadPlan.Limit.parse("")).hasValue(List.of());
  }
}
