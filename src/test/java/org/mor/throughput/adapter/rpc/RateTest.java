package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;

/** Endpoints that are asked too often, in words that are known and in words that are not. */
class RateTest {
  private static final int HEAD = 60_000;

  private final VirtualTime time = new VirtualTime();
  private final FakeNode node = new FakeNode(new FakeChain(Readers.CHAIN).head(HEAD));
  private final FakeNode other = new FakeNode(new FakeChain(Readers.CHAIN).head(HEAD));

  @AfterEach
  void close() {
    node.close();
    other.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-32012|credits limited to 6000/sec",
        "-32005|You've exceeded the RPS limit available on the current plan.",
        "-32005|limit exceeded",
        "-32007|50/second request limit reached - reduce calls per second",
        "-32000|Too many concurrent requests",
        "-32000|quota limit",
        "429|monthly capacity limit exceeded",
        "-32016|slow it down",
        "-32099|come back with more coins"
      })
  void aLimiterInAnyWordsTakesAsLongAsInTheUsualOnes(int code, String message) {
    Duration usual = readThroughLimiter(-32000, "rate limit exceeded");

    assertThat(readThroughLimiter(code, message))
        .isLessThanOrEqualTo(usual.multipliedBy(13).dividedBy(10));
  }

  /** The time that reading all logs and 600 calls takes at five calls a second. */
  private static Duration readThroughLimiter(int code, String message) {
    VirtualTime clock = new VirtualTime();
    try (FakeNode limited = new FakeNode(new FakeChain(Readers.CHAIN).head(HEAD))) {
      limited.always(limiter(clock, 5, Replies.errors(code, message)));
      RpcChainReader reader = Readers.patient(clock, limited);
      for (int first = 1; first < HEAD; first += 2_000) {
        assertThat(Readers.logs(reader, FakeChain.query(first, first + 1_999))).hasSize(200);
      }
      assertThat(reader.calls(calls(600), 10)).hasSize(600);
      return clock.slept();
    }
  }

  /** A bucket of {@code perSecond} calls; a batch counts as its calls. */
  private static Reply limiter(VirtualTime clock, int perSecond, Reply refusal) {
    double[] bucket = {perSecond};
    Instant[] filled = {clock.now()};
    return (exchange, request, self) -> {
      Instant now = clock.now();
      double more = Duration.between(filled[0], now).toMillis() * perSecond / 1_000.0;
      filled[0] = now;
      bucket[0] = Math.min(perSecond, bucket[0] + more);
      int calls = request.isArray() ? request.size() : 1;
      boolean enough = bucket[0] >= calls;
      bucket[0] -= enough ? calls : 0;
      (enough ? Replies.honest() : refusal).send(exchange, request, self);
    };
  }

  @Test
  void anUnknownErrorAtAWidthThatHasJustWorkedNeverShrinksIt() {
    RpcChainReader reader = Readers.patient(time, node);
    reader.logs(FakeChain.query(1, 2_000));
    node.next(Replies.errors(-32099, "come back with more coins"));

    assertThat(reader.logs(FakeChain.query(2_001, 4_000)).range().size()).isEqualTo(2_000);

    assertThat(Readers.stats(reader).failures()).containsOnlyKeys("rate");
  }

  @Test
  void anUnknownErrorThatStaysIsAboutTheRangeAfterAll() {
    RpcChainReader reader = Readers.patient(time, node);
    reader.logs(FakeChain.query(1, 2_000));
    Reply dense =
        Replies.edited(
            answer -> {
              ((ObjectNode) answer.get(0)).remove("result");
              ((ObjectNode) answer.get(0))
                  .putObject("error")
                  .put("code", -32099)
                  .put("message", "there is too much going on");
              return answer;
            });
    node.always(
        (exchange, request, self) ->
            (RangeTest.width(request) > 1_000 ? dense : Replies.honest())
                .send(exchange, request, self));

    assertThat(Readers.logs(reader, FakeChain.query(2_001, 12_000))).hasSize(1_000);

    assertThat(Readers.stats(reader).retries()).isLessThanOrEqualTo(6);
  }

  @Test
  void aLongPauseEndsTheRunAtOnceAndIsNamed() {
    RpcChainReader reader = Readers.patient(time, node);
    reader.chainId();
    node.next(Replies.status(429, "come back tomorrow", "Retry-After", "86400"));

    assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100)))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContainingAll(
            "127.0.0.1", "86,400 s", "2026-05-02T00:00:00Z", "come back tomorrow", "next: ");
    assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100))).hasMessageContaining("86,400 s");
    assertThat(time.slept()).isZero();
    assertThat(node.requests()).hasSize(2);
  }

  @Test
  void anEndpointThatAskedForALongPauseIsTriedAgainAfterAnHour() {
    RpcChainReader reader = Readers.patient(time, node);
    reader.chainId();
    node.next(Replies.status(503, "", "Retry-After", "999999999"));
    assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100))).hasMessageContaining("pause");

    time.sleep(Duration.ofHours(1));

    assertThat(reader.logs(FakeChain.query(1, 100)).logs()).hasSize(10);
  }

  @Test
  void theOtherEndpointIsAskedDuringALongPauseAlthoughItFails() {
    RpcChainReader reader = Readers.patient(time, node, other);
    reader.chainId();
    node.next(Replies.status(429, "", "Retry-After", "86400"));
    other.next(Replies.status(503, ""), Replies.status(503, ""));

    assertThat(Readers.logs(reader, FakeChain.query(1, 100))).hasSize(10);

    assertThat(time.slept()).isLessThan(Duration.ofSeconds(10));
    assertThat(node.requests()).hasSize(2);
  }

  private static List<ContractCall> calls(int count) {
    return IntStream.range(0, count)
        .mapToObj("0x01%08x"::formatted)
        .map(data -> new ContractCall(FakeChain.CONTRACT, Bytes.fromHex(data)))
        .toList();
  }
}
