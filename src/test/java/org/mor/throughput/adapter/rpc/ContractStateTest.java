package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ContractCall;

/** Whether the contract is there, and from which block on its state is. */
class ContractStateTest {
  private static final ContractCall GETTER =
      new ContractCall(FakeChain.CONTRACT, Bytes.fromHex("0xbdfbbada"));

  @Test
  void aContractIsLookedForOnce() {
    try (FakeNode node = Readers.node()) {
      RpcChainReader reader = Readers.of(node);

      reader.requireContract(GETTER);
      reader.requireContract(GETTER);

      assertThat(node.requests())
          .extracting(request -> request.path("method").asText())
          .as("the head, the header that confirms it, and the code")
          .containsExactly(
              "eth_chainId", "eth_getBlockByNumber", "eth_getBlockByNumber", "eth_getCode");
    }
  }

  @Test
  void anAddressWithoutCodeIsAWrongSetting() {
    try (FakeNode one = Readers.node().always(NO_CONTRACT);
        FakeNode two = Readers.node().always(NO_CONTRACT)) {
      assertThatThrownBy(() -> Readers.of(one, two).requireContract(GETTER))
          .isInstanceOf(WrongChainException.class)
          .hasMessageContainingAll(
              FakeChain.CONTRACT.toHex(),
              "chain 8453",
              "no contract in block 1000, the newest one, says 127.0.0.1#1, 127.0.0.1#2",
              "next: check DIAMOND_ADDRESS and NETWORK")
          .hasMessageNotContaining(FakeNode.CANARY);
    }
  }

  @Test
  void anEndpointThatIsStillSyncingDoesNotDenyTheContract() {
    try (FakeNode syncing = Readers.node().always(NO_CONTRACT);
        FakeNode able = Readers.node()) {
      Readers.of(syncing, able).requireContract(GETTER);
      assertThat(able.requests()).isNotEmpty();
    }
  }

  @Test
  void aContractThatAnswersIsThereWhateverItsCode() {
    try (FakeNode node = Readers.node().always(result("eth_getCode", "0x"))) {
      Readers.of(node).requireContract(GETTER);
      assertThat(node.requests()).hasSize(5);
    }
  }

  @Test
  void anEndpointThatDoesNotTellCodeIsNoEvidence() {
    Reply refused =
        (exchange, request, self) ->
            (request.toString().contains("eth_getCode")
                    ? Replies.errors(-32601, "the method eth_getCode is not available")
                    : Replies.honest())
                .send(exchange, request, self);
    try (FakeNode node = Readers.node().always(refused)) {
      RpcChainReader reader = Readers.of(node);
      reader.requireContract(GETTER);
      assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
    }
  }

  @Test
  void theLowestStateIsFoundToTheBlock() {
    try (FakeNode node = Readers.node().always(keeping(873))) {
      RpcChainReader reader = Readers.of(node);

      assertThat(reader.lowestState(700)).hasValue(873);
      assertThat(reader.lowestState(900)).hasValue(900);
      assertThat(reader.lowestState(1_001)).isEmpty();
      int before = node.requests().size();
      assertThat(reader.lowestState(10)).hasValue(873);
      assertThat(node.requests().size() - before).as("head and two blocks").isEqualTo(3);
    }
    for (long lowest : new long[] {1, 2, 500, 872, 874, 999, 1_000}) {
      try (FakeNode node = Readers.node().always(keeping(lowest))) {
        assertThat(Readers.of(node).lowestState(1)).as("from %d on", lowest).hasValue(lowest);
      }
    }
    try (FakeNode node = Readers.node().always(keeping(2_000))) {
      assertThat(Readers.of(node).lowestState(1)).isEmpty();
    }
  }

  @Test
  void oneEndpointWithTheStateIsEnough() {
    try (FakeNode pruned = Readers.node().always(keeping(873));
        FakeNode archive = Readers.node()) {
      assertThat(Readers.of(pruned, archive).lowestState(10)).hasValue(10);
    }
  }

  private static final Reply NO_CONTRACT =
      Replies.each(
          answer -> {
            String result = answer.path("result").asText();
            if (result.equals("0x60") || result.equals("0xbdfbbada")) {
              answer.put("result", "0x");
            }
          });

  private static Reply result(String method, String result) {
    return (exchange, request, self) ->
        Replies.each(
                answer -> {
                  if (request.path("method").asText().equals(method)) {
                    answer.put("result", result);
                  }
                })
            .send(exchange, request, self);
  }

  /** Has dropped the state of the blocks before {@code lowest}. */
  private static Reply keeping(long lowest) {
    return (exchange, request, self) -> {
      JsonNode block = request.path("params").path(1);
      boolean pruned =
          request.path("method").asText().equals("eth_getCode")
              && Long.decode(block.asText()) < lowest;
      Reply reply =
          pruned
              ? Replies.each(
                  (ObjectNode answer) -> {
                    answer.remove("result");
                    answer
                        .putObject("error")
                        .put("code", -32000)
                        .put("message", "missing trie node 5e5f (path ) state is not available");
                  })
              : Replies.honest();
      reply.send(exchange, request, self);
    };
  }
}
