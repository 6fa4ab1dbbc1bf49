package org.mor.throughput.adapter.rpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

class HeaderBatchTest {
  private static final List<Long> NUMBERS = LongStream.range(1, 251).boxed().toList();

  private final FakeNode node = Readers.node();
  private final RpcChainReader reader =
      RpcChainReader.open(
          List.of(node.url()),
          Readers.CHAIN,
          RpcOptions.defaults().withBudget(4, Duration.ofMinutes(2)),
          new VirtualTime(),
          new Random(1));

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void manyHeadersTravelInFewRequests() {
    assertThat(reader.headers(NUMBERS)).hasSize(250);
    assertThat(requireNonNull(reader.headers(List.of(7L)).get(7L)).timestamp()).isEqualTo(14);
    // The chain id, three batches of a hundred at most, and the single one.
    assertThat(node.requests()).hasSize(5);
  }

  @Test
  void whatCameBeforeAFailureIsNotAskedAgain() {
    reader.chainId();
    node.next(Replies.honest(), Replies.status(503, ""));

    assertThat(reader.headers(NUMBERS)).hasSize(250);
    assertThat(node.requests()).hasSize(1 + 4);
  }

  @Test
  void whereBatchesAreRefusedTheyAreAskedOneByOne() {
    node.always(
        (exchange, request, self) ->
            (request.isArray() ? Replies.error(-32600, "Invalid Request") : Replies.honest())
                .send(exchange, request, self));

    assertThat(reader.headers(NUMBERS.subList(0, 9))).hasSize(9);
  }

  @Test
  void anAnswerThatIsTooLargeIsAskedInSmallerParts() {
    node.always(
        (exchange, request, self) ->
            (request.size() > 30 && request.isArray()
                    ? Replies.error(-32003, "response too large")
                    : Replies.honest())
                .send(exchange, request, self));

    assertThat(reader.headers(NUMBERS)).hasSize(250);
    assertThat(node.requests()).hasSizeLessThan(20);
  }

  @Test
  void aBlockThatIsMissingOrAnotherOneIsNoAnswer() {
    assertThatThrownBy(() -> reader.headers(List.of(1L, 5_000L)))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("does not have block 5000");
    node.always(
        Replies.each(
            answer -> {
              if (answer.path("result").isObject()) {
                ((com.fasterxml.jackson.databind.node.ObjectNode) answer.get("result"))
                    .put("number", "0x3");
              }
            }));
    assertThatThrownBy(() -> reader.headers(List.of(1L, 2L)))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("answered with block 3");
  }
}
