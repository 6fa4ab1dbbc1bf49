package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;

class CallsTest {
  private static final List<ContractCall> CALLS =
      Stream.concat(
              IntStream.range(0, 400).mapToObj("0x01%08x"::formatted),
              Stream.of("0xff55", "0xee66", "0x", "0x" + "07".repeat(1_000)))
          .map(data -> new ContractCall(FakeChain.CONTRACT, Bytes.fromHex(data)))
          .toList();
  private static final List<CallResult> RESULTS =
      CALLS.stream()
          .map(ContractCall::data)
          .map(
              data ->
                  data.toHex().startsWith("0xff")
                      ? new CallResult.Reverted(data)
                      : (CallResult) new CallResult.Returned(data))
          .toList();

  @Test
  void manyCallsTravelInFewRequestsAndComeBackInOrder() {
    try (FakeNode node = Readers.node()) {
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      // The chain id, three aggregates, and one batch for the two that failed inside.
      assertThat(Readers.stats(reader).requests()).isEqualTo(5);
    }
  }

  @Test
  void withoutMulticallTheyTravelInBatches() {
    try (FakeNode node = new FakeNode(new FakeChain(Readers.CHAIN).withoutMulticall())) {
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).requests()).isEqualTo(3 + 5);
      assertThat(reader.calls(CALLS.subList(0, 50), 10)).isEqualTo(RESULTS.subList(0, 50));
      assertThat(Readers.stats(reader).requests()).isEqualTo(3 + 5 + 1);
    }
  }

  @Test
  void withoutBatchesTheyTravelOneByOne() {
    try (FakeNode node = new FakeNode(new FakeChain(Readers.CHAIN).withoutMulticall())) {
      node.always(
          (exchange, request, self) ->
              (request.isArray() ? Replies.error(-32600, "Invalid Request") : Replies.honest())
                  .send(exchange, request, self));
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS.subList(380, 404), 10)).isEqualTo(RESULTS.subList(380, 404));
      assertThat(reader.logs(FakeChain.query(1, 100)).logs()).hasSize(10);
    }
  }

  @Test
  void aLearnedBatchLimitIsKept() {
    try (FakeNode node = new FakeNode(new FakeChain(Readers.CHAIN).withoutMulticall())) {
      node.always(
          (exchange, request, self) ->
              (request.size() > 30 && request.isArray()
                      ? Replies.error(-32000, "batch limit 30 exceeded: 100 requests given")
                      : Replies.honest())
                  .send(exchange, request, self));
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).failures()).containsEntry("batch", 1L);
    }
  }

  @Test
  void anAggregateThatRunsOutOfGasIsHalved() {
    try (FakeNode node = Readers.node()) {
      node.always(
          (exchange, request, self) ->
              (request.toString().length() > 15_000
                      ? Replies.errors(-32000, "out of gas")
                      : Replies.honest())
                  .send(exchange, request, self));
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).failures().get("density")).isLessThan(5);
    }
  }

  @Test
  void callsThatLackGasInAnAggregateGoIntoSmallerOnes() {
    FakeChain small = new FakeChain(Readers.CHAIN).withGasCap(40, Integer.MAX_VALUE);
    try (FakeNode node = new FakeNode(small)) {
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).requests()).isLessThan(20);
    }
  }

  @Test
  void aCallWithoutTheGasForItIsAskedOfTheNextEndpoint() {
    FakeChain small = new FakeChain(Readers.CHAIN).withoutMulticall().withGasCap(1, 100);
    VirtualTime time = new VirtualTime();
    try (FakeNode capped = new FakeNode(small);
        FakeNode able = Readers.node()) {
      RpcChainReader reader = Readers.of(time, capped, able);

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).failures()).containsEntry("gas", 1L);
      assertThat(time.slept()).isZero();
    }
  }

  @Test
  void aRevertWithoutAReasonIsTheResultWhereEveryEndpointSaysSo() {
    FakeChain small = new FakeChain(Readers.CHAIN).withoutMulticall().withGasCap(1, 100);
    try (FakeNode one = new FakeNode(small);
        FakeNode two = new FakeNode(small)) {
      List<CallResult> results = Readers.of(one, two).calls(CALLS, 10);

      assertThat(results.subList(0, 403)).isEqualTo(RESULTS.subList(0, 403));
      assertThat(results.get(403)).isEqualTo(new CallResult.Reverted(Bytes.EMPTY));
    }
  }

  @Test
  void aRevertWithoutAReasonIsTheResultWhereNoOtherEndpointAnswers() {
    FakeChain small = new FakeChain(Readers.CHAIN).withoutMulticall().withGasCap(1, 100);
    try (FakeNode capped = new FakeNode(small);
        FakeNode dead = Readers.node().always(Replies.status(503, "down"))) {
      List<CallResult> results = Readers.of(capped, dead).calls(CALLS, 10);

      assertThat(results.get(403)).isEqualTo(new CallResult.Reverted(Bytes.EMPTY));
    }
  }

  @Test
  void aCallThatRunsOutOfGasAloneNamesTheGasCap() {
    try (FakeNode node = Readers.node()) {
      node.always(
          (exchange, request, self) ->
              (request.toString().contains("\"eth_call\"")
                      ? Replies.errors(-32000, "EVM error OutOfGas")
                      : Replies.honest())
                  .send(exchange, request, self));

      assertThatThrownBy(() -> Readers.of(node).calls(CALLS.subList(0, 1), 10))
          .isInstanceOf(ChainUnavailableException.class)
          .hasMessageContainingAll("EVM error OutOfGas", "gas cap");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3|execution reverted|\"0x\"|true",
        "3|execution reverted|null|true",
        "3|execution reverted: 0x|null|true",
        "-32000|err: execution reverted (supplied gas 300000)|null|true",
        "-32000|Execution reverted.|null|true",
        "-32015|VM execution error.|\"Reverted 0x\"|true",
        "-32015|VM execution error.|\"Reverted 0x08c379a0\"|false",
        "3|execution reverted: Diamond: Function does not exist|\"0x\"|false",
        "3|execution reverted|\"0x08c379a0\"|false",
        "-32000|header not found|null|false"
      })
  void onlyARevertWithoutAnyReasonMayBeForGas(int code, String message, String data, boolean bare)
      throws IOException {
    RpcError error = new RpcError(code, message, FakeNode.JSON.readTree(data));
    assertThat(error.isBareRevert()).isEqualTo(bare);
  }

  @Test
  void aFailureKeepsWhatCameBeforeIt() {
    try (FakeNode node = Readers.node()) {
      RpcChainReader reader = Readers.of(node);
      reader.chainId();
      node.next(Replies.honest(), Replies.status(503, ""), Replies.honest(), Replies.reset());

      assertThat(reader.calls(CALLS, 10)).isEqualTo(RESULTS);
      assertThat(Readers.stats(reader).requests()).isEqualTo(5 + 2);
    }
  }

  @Test
  void aFailedCallIsNeverARevertOrNothing() {
    try (FakeNode node = Readers.node()) {
      node.always(
          (exchange, request, self) ->
              (request.path("method").asText().equals("eth_call")
                      ? Replies.errors(-32000, "header not found")
                      : Replies.honest())
                  .send(exchange, request, self));

      assertThatThrownBy(() -> Readers.of(node).calls(CALLS, 10))
          .isInstanceOf(ChainUnavailableException.class)
          .hasMessageContainingAll("404 calls at block 10", "header not found");
    }
  }

  @Test
  void anAggregateOfNonsenseIsAContradiction() {
    try (FakeNode node = Readers.node()) {
      RpcChainReader reader = Readers.of(node);
      reader.chainId();
      node.always(Replies.each(answer -> answer.put("result", "0x" + "f".repeat(640))));

      assertThatThrownBy(() -> reader.calls(CALLS, 10))
          .isInstanceOf(ChainContradictionException.class)
          .hasMessageContaining("Multicall3");
    }
  }
}
