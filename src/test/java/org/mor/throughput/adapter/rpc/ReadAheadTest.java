package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogFeed;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.testing.VirtualTime;

/** Windows that are asked for ahead of whoever takes them. */
class ReadAheadTest extends NodeTest {
  private static final int HEAD = 400_000;
  private static final LogQuery QUERY = FakeChain.query(1, HEAD - 1).anchoredAt(0L, (long) HEAD);

  private final FakeNode node = node(new FakeChain(Readers.CHAIN).head(HEAD));
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void itGivesTheSameLogsInTheSameOrderAsOneQuestionAfterTheOther() {
    node.always(Replies.when(request -> RangeTest.width(request) > 10_000, tooWide()));
    List<RawLog> inTurn = Readers.logs(reader(1), QUERY);
    int requests = node.requests().size();

    RpcChainReader ahead = reader(8);
    List<LogSlice> slices = all(ahead.feed(QUERY));

    assertThat(slices.stream().flatMap(slice -> slice.logs().stream())).isEqualTo(inTurn);
    assertThat(slices.get(0).anchors()).hasSize(2);
    assertThat(slices).allMatch(slice -> slice.seen(HEAD).isPresent());
    assertThat(node.requests().size() - requests).isLessThanOrEqualTo(requests + 4 * 8);
  }

  @Test
  void asManyRequestsAreUnderWayAsAllowedAndNeverMore() {
    node.always(counted(true));

    all(reader(4).feed(QUERY));

    assertThat(most).hasValue(4);
  }

  @Test
  void oneAtATimeWhereThatIsWanted() {
    node.always(counted(false));

    all(reader(1).feed(QUERY));

    assertThat(most).hasValue(1);
  }

  @Test
  void whatWaitsIsBoundedInWindows() {
    AtomicInteger requests = new AtomicInteger();
    LogFeed feed = played(4, requests).feed(FakeChain.query(1, HEAD - 1).anchoredAt((long) HEAD));
    int before = requests.get();

    LogSlice first = feed.next();

    assertThat(first.range().first()).isEqualTo(1);
    assertThat(requests.get() - before).isEqualTo(4 * ReadAhead.WINDOWS_A_REQUEST);
    assertThat(HEAD / first.range().size()).isGreaterThan(4L * ReadAhead.WINDOWS_A_REQUEST);
  }

  @Test
  void whatCameBeforeAFailureIsGivenBeforeIt() {
    LogQuery query = FakeChain.query(1, 20_000);
    node.always(
        Replies.when(
            request -> RangeTest.width(request) > 0 && from(request) > 2_000,
            Replies.status(503, "")));
    LogFeed feed = reader(4).feed(query);

    assertThat(feed.next().range()).isEqualTo(new BlockRange(1, 2_000));
    assertThatThrownBy(feed::next)
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("from block 2001");
    feed.close();
  }

  @Test
  void whoWaitsIsWokenWhenTheRunIsToEnd() {
    node.always(Replies.when(request -> RangeTest.width(request) > 0, Replies.hang()));
    RpcChainReader reader = reader(2);
    LogFeed feed = reader.feed(QUERY);

    reader.stopReadingAhead();

    assertThatThrownBy(feed::next).hasMessageContaining("asked to end");
    feed.close();
  }

  private static long from(JsonNode request) {
    return Long.decode(request.at("/0/params/0/fromBlock").asText());
  }

  private static Reply tooWide() {
    return Replies.errors(-32_602, "query exceeds max block range 10000");
  }

  /**
   * Holds the first two requests for logs back until both have come, and the next four: each answer
   * lets one more be under way.
   */
  private Reply counted(boolean held) {
    CountDownLatch two = new CountDownLatch(held ? 2 : 0);
    CountDownLatch six = new CountDownLatch(held ? 6 : 0);
    return (exchange, request, self) -> {
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      if (RangeTest.width(request) > 0) {
        two.countDown();
        six.countDown();
        await(asked.incrementAndGet() <= 2 ? two : six);
      }
      underWay.decrementAndGet();
      Replies.honest().send(exchange, request, self);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RpcChainReader reader(int inFlight) {
    RpcChainReader reader =
        RpcChainReader.open(
            List.of(node.url()),
            Readers.CHAIN,
            RpcOptions.defaults().withInFlight(inFlight),
            new VirtualTime(),
            new Random(1));
    reader.chainId();
    return reader;
  }

  /** Without threads: what is asked is asked by whoever wants the next slice. */
  private static RpcChainReader played(int inFlight, AtomicInteger requests) {
    FakeChain chain = new FakeChain(Readers.CHAIN).head(HEAD);
    FakeNode node = new FakeNode(chain);
    RpcOptions usual = RpcOptions.defaults();
    RpcOptions narrow =
        new RpcOptions(
            usual.requestTimeout(),
            usual.maxAttempts(),
            usual.maxElapsed(),
            usual.firstDelay(),
            usual.maxDelay(),
            usual.maxRetryAfter(),
            2_000,
            2_000,
            usual.multicallSize(),
            usual.batchSize(),
            inFlight);
    RpcChainReader reader =
        RpcChainReader.over(
            (endpoint, body) -> {
              requests.incrementAndGet();
              String answer = node.answer(json(body)).toString();
              return new Transport.Reply(
                  200, Optional.empty(), answer.getBytes(StandardCharsets.UTF_8));
            },
            ErrorTable.load(),
            List.of("https://one.example/"),
            Readers.CHAIN,
            narrow,
            new VirtualTime(),
            new Random(1));
    node.close();
    reader.chainId();
    return reader;
  }

  private static JsonNode json(byte[] body) {
    try {
      return FakeNode.JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LogSlice> all(LogFeed feed) {
    List<LogSlice> slices = new ArrayList<>();
    try (feed) {
      long last = 0;
      while (last < QUERY.range().last()) {
        LogSlice slice = feed.next();
        assertThat(slice.range().first()).isEqualTo(last + 1);
        last = slice.range().last();
        slices.add(slice);
      }
    }
    return slices;
  }
}
