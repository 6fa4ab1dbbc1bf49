package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.testing.VirtualTime;

/** How wide the ranges of log queries are, by what the node says. */
class RangeTest extends NodeTest {
  private static final int HEAD = 30_000;

  private FakeNode node(int max, String message) {
    return node(new FakeChain(Readers.CHAIN).head(HEAD))
        .always(
            (exchange, request, self) -> {
              Reply reply =
                  width(request) > max ? Replies.errors(-32602, message) : Replies.honest();
              reply.send(exchange, request, self);
            });
  }

  /** Answers log queries over more than {@code max} blocks with {@code fault}. */
  private FakeNode slow(int max, Reply fault) {
    return node(new FakeChain(Readers.CHAIN).head(HEAD))
        .always(Replies.when(request -> width(request) > max, fault));
  }

  static long width(JsonNode request) {
    JsonNode call = request.isArray() ? request.path(0) : request;
    JsonNode filter = call.path("params").path(0);
    return filter.isObject()
        ? Long.decode(filter.get("toBlock").asText())
            - Long.decode(filter.get("fromBlock").asText())
            + 1
        : 0;
  }

  private static long[] widths(FakeNode node) {
    return node.requests().stream()
        .mapToLong(RangeTest::width)
        .filter(width -> width > 0)
        .toArray();
  }

  private static long wider(FakeNode node, int blocks) {
    return Arrays.stream(widths(node)).filter(width -> width > blocks).count();
  }

  @Test
  void rangesGrowWhileTheyAreAnswered() {
    FakeNode node = node(HEAD, "");
    assertThat(Readers.logs(Readers.of(node), FakeChain.query(1, HEAD))).hasSize(3_000);

    assertThat(widths(node)).containsExactly(2_000, 4_000, 8_000, 16_000);
  }

  @Test
  void aCapIsNeverExceededAgain() {
    FakeNode node = node(3_000, "please limit the query to at most 3,000 blocks");
    Readers.logs(Readers.of(node), FakeChain.query(1, 12_000));

    assertThat(widths(node)).containsExactly(2_000, 4_000, 3_000, 3_000, 3_000, 1_000);
  }

  @Test
  void aCapThatCountsTheOtherWayRoundCostsOneMoreTry() {
    FakeNode node = node(1_000, "query exceeds max block range 1000");
    Readers.logs(Readers.of(node), FakeChain.query(1, 2_000));

    assertThat(widths(node)).containsExactly(2_000, 1_001, 1_000, 1_000);
  }

  @Test
  void densityShrinksOneWindowAndItGrowsAgain() {
    FakeNode node = node(HEAD, "");
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    node.next(Replies.errors(-32005, "query returned more than 10000 results"));
    Readers.logs(reader, FakeChain.query(1, HEAD));

    assertThat(widths(node))
        .startsWith(2_000, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000)
        .contains(8_000);
  }

  @Test
  void aSuggestionIsTakenWhenItStartsWhereTheQueryDoes() {
    FakeNode node = node(HEAD, "");
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    node.next(
        Replies.errors(
            -32005,
            "query returned more than 10000 results. Try with this block range [0x1, 0x12c]."),
        Replies.errors(
            -32005,
            "query returned more than 10000 results. Try with this block range [0x5, 0x6]."));
    reader.logs(FakeChain.query(1, HEAD));

    assertThat(widths(node)).containsExactly(2_000, 300, 150);
  }

  @Test
  void lagNeverShrinksARange() {
    FakeNode node = node(HEAD, "");
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    node.next(Replies.errors(-32602, "block range extends beyond current head block"));
    reader.logs(FakeChain.query(1, HEAD));

    assertThat(widths(node)).containsExactly(2_000, 2_000);
  }

  @Test
  void anUnknownErrorIsBisectedOnce() {
    FakeNode node = node(HEAD, "");
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    Reply unknown = Replies.errors(-32099, "the moon is too close");
    node.next(unknown, unknown);
    reader.logs(FakeChain.query(1, HEAD));

    assertThat(widths(node)).containsExactly(2_000, 1_000, 1_000);
  }

  static Stream<Arguments> timeouts() {
    return Stream.of(
        Arguments.of("504", Replies.status(504, "<html><h1>504 Gateway Time-out</h1></html>")),
        Arguments.of("502", Replies.status(502, "")),
        Arguments.of("524", Replies.status(524, "error code: 524")),
        Arguments.of("500", Replies.status(500, "{\"error\":\"Internal Server Error\"}")),
        Arguments.of("408", Replies.status(408, "")),
        Arguments.of(
            "dRPC", Replies.errors(30, "Request timeout on the free tier, please upgrade")),
        Arguments.of("geth", Replies.errors(-32002, "request timed out")),
        Arguments.of(
            "proxy", Replies.body("{\"error\":\"Internal server error. Forwarder error: 1000.\"}")),
        Arguments.of("internal", Replies.errors(-32603, "Internal error")),
        Arguments.of("HTML", Replies.body("<!DOCTYPE html><html>Just a moment...</html>")),
        Arguments.of("reset", Replies.reset()),
        Arguments.of("cut", Replies.truncated()),
        Arguments.of("hang", Replies.hang()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("timeouts")
  void aWidthThatTimesOutIsHalvedFromTheSecondTimeOn(String name, Reply fault) {
    FakeNode node = slow(3_000, fault);
    assertThat(Readers.logs(reader(name, node), FakeChain.query(1, HEAD))).hasSize(3_000);

    assertThat(widths(node)).startsWith(2_000).contains(2_000, 4_000);
    assertThat(wider(node, 3_000)).isEqualTo(3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("timeouts")
  void aWidthThatTimesOutFromTheStartIsHalvedUntilItIsAnswered(String name, Reply fault) {
    FakeNode node = slow(700, fault);
    assertThat(Readers.logs(reader(name, node), FakeChain.query(1, 5_000))).hasSize(500);
  }

  /** Only the node that hangs is given up soon. */
  private static RpcChainReader reader(String name, FakeNode node) {
    return name.equals("hang") ? Readers.of(node) : Readers.patient(new VirtualTime(), node);
  }

  @Test
  void aWidthThatTimesOutIsProbedEverMoreSeldom() {
    FakeNode node = slow(300, Replies.status(504, ""));
    Readers.logs(Readers.patient(new VirtualTime(), node), FakeChain.query(1, HEAD));

    assertThat(wider(node, 300)).isLessThan(11);
  }

  @Test
  void afterAnOutageRangesAreSoonAsWideAsBefore() {
    FakeNode node = node(HEAD, "");
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);
    Readers.logs(reader, FakeChain.query(1, 14_000));
    Reply down = Replies.status(503, "");
    node.next(down, down, down);
    Readers.logs(reader, FakeChain.query(14_001, HEAD));

    assertThat(widths(node)).hasSizeLessThanOrEqualTo(3 + 3 + 6).contains(16_000);
  }

  @Test
  void theHeaderIsAskedInTheSameBatchAsTheLogs() {
    FakeNode node = node(HEAD, "");
    Readers.of(node).logs(FakeChain.query(1, 100));

    assertThat(node.requests().get(1))
        .extracting(call -> call.path("method").asText())
        .containsExactly("eth_getLogs", "eth_getBlockByNumber");
  }
}
