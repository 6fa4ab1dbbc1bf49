package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;

/** How wide the ranges of log queries are, by what the node says. */
class RangeTest {
  private static final int HEAD = 30_000;

  private static FakeNode node(int max, String message) {
    return new FakeNode(new FakeChain(Readers.CHAIN).head(HEAD))
        .always(
            (exchange, request, self) -> {
              Reply reply =
                  width(request) > max ? Replies.errors(-32602, message) : Replies.honest();
              reply.send(exchange, request, self);
            });
  }

  private static long width(JsonNode request) {
    JsonNode filter = request.path(0).path("params").path(0);
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

  @Test
  void rangesGrowWhileTheyAreAnswered() {
    try (FakeNode node = node(HEAD, "")) {
      assertThat(Readers.logs(Readers.of(node), FakeChain.query(1, HEAD))).hasSize(3_000);

      assertThat(widths(node)).containsExactly(2_000, 4_000, 8_000, 16_000);
    }
  }

  @Test
  void aCapIsNeverExceededAgain() {
    try (FakeNode node = node(3_000, "please limit the query to at most 3,000 blocks")) {
      Readers.logs(Readers.of(node), FakeChain.query(1, 12_000));

      assertThat(widths(node)).containsExactly(2_000, 4_000, 3_000, 3_000, 3_000, 1_000);
    }
  }

  @Test
  void aCapThatCountsTheOtherWayRoundCostsOneMoreTry() {
    try (FakeNode node = node(1_000, "query exceeds max block range 1000")) {
      Readers.logs(Readers.of(node), FakeChain.query(1, 2_000));

      assertThat(widths(node)).containsExactly(2_000, 1_001, 1_000, 1_000);
    }
  }

  @Test
  void densityShrinksOneWindowAndItGrowsAgain() {
    try (FakeNode node = node(HEAD, "")) {
      RpcChainReader reader = Readers.of(node);
      reader.chainId();
      node.next(Replies.errors(-32005, "query returned more than 10000 results"));
      Readers.logs(reader, FakeChain.query(1, HEAD));

      assertThat(widths(node))
          .startsWith(2_000, 1_000, 1_000, 1_000, 1_000, 1_000, 2_000)
          .contains(8_000);
    }
  }

  @Test
  void aSuggestionIsTakenWhenItStartsWhereTheQueryDoes() {
    try (FakeNode node = node(HEAD, "")) {
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
  }

  @Test
  void lagNeverShrinksARange() {
    try (FakeNode node = node(HEAD, "")) {
      RpcChainReader reader = Readers.of(node);
      reader.chainId();
      node.next(Replies.errors(-32602, "block range extends beyond current head block"));
      reader.logs(FakeChain.query(1, HEAD));

      assertThat(widths(node)).containsExactly(2_000, 2_000);
    }
  }

  @Test
  void anUnknownErrorIsBisectedOnce() {
    try (FakeNode node = node(HEAD, "")) {
      RpcChainReader reader = Readers.of(node);
      reader.chainId();
      Reply unknown = Replies.errors(-32099, "the moon is too close");
      node.next(unknown, unknown);
      reader.logs(FakeChain.query(1, HEAD));

      assertThat(widths(node)).containsExactly(2_000, 1_000, 1_000);
    }
  }

  @Test
  void theHeaderIsAskedInTheSameBatchAsTheLogs() {
    try (FakeNode node = node(HEAD, "")) {
      Readers.of(node).logs(FakeChain.query(1, 100));

      assertThat(node.requests().get(1))
          .extracting(call -> call.path("method").asText())
          .containsExactly("eth_getLogs", "eth_getBlockByNumber");
    }
  }
}
