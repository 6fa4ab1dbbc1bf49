package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;

class EndpointWitnessTest {
  private final FakeNode first = Readers.node();
  private final FakeNode second = Readers.node();

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void eachEndpointIsAskedByItselfAndByBlockHash() {
    List<Witness> witnesses = Readers.of(first, second).witnesses();
    Witness two = witnesses.get(1);
    int before = first.requests().size();

    BlockHeader block = two.header(30).orElseThrow();
    List<RawLog> logs = two.logs(FakeChain.query(30, 30), block.hash());
    Witness.Receipt receipt = two.receipt(logs.get(0).txHash()).orElseThrow();
    List<CallResult> results = two.calls(List.of(call("0x1234"), call("0xff01")), block.hash());

    assertThat(witnesses).hasSize(2);
    assertThat(logs)
        .singleElement()
        .satisfies(log -> assertThat(log.position().block()).isEqualTo(30));
    assertThat(receipt).isEqualTo(new Witness.Receipt(30, block.hash(), logs));
    assertThat(results)
        .containsExactly(
            new CallResult.Returned(Bytes.fromHex("0x1234")),
            new CallResult.Reverted(Bytes.fromHex("0xff01")));
    assertThat(first.requests()).as("but for its chain id").hasSizeLessThanOrEqualTo(before + 1);
    List<JsonNode> asked = second.requests();
    String hash = block.hash().toHex();
    JsonNode filter = params(asked, "eth_getLogs").get(0);
    assertThat(filter.get("blockHash").asText()).isEqualTo(hash);
    assertThat(filter.has("fromBlock") || filter.has("toBlock")).isFalse();
    assertThat(params(asked, "eth_call").get(1).get("blockHash").asText()).isEqualTo(hash);
  }

  @Test
  void whatIsNotThereIsAbsentAndNoFailure() {
    Witness one = Readers.of(first).witnesses().get(0);

    assertThat(one.header(5_000)).isEmpty();
    assertThat(one.receipt(FakeChain.hash(32))).isEmpty();
    BlockHeader block = one.header(31).orElseThrow();
    assertThat(one.logs(FakeChain.query(31, 31), block.hash())).isEmpty();
  }

  @Test
  void anEndpointThatFailsIsTriedAgainAndIsNeverReplacedByAnother() {
    Witness one = Readers.of(first, second).witnesses().get(0);
    BlockHeader block = one.header(30).orElseThrow();
    first.next(Replies.status(503, "busy"), Replies.truncated());
    assertThat(one.logs(FakeChain.query(30, 30), block.hash())).hasSize(1);
    int asked = second.requests().size();

    first.always(Replies.errors(-32000, "unknown block"));

    assertThatThrownBy(() -> one.logs(FakeChain.query(30, 30), block.hash()))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageNotContaining(FakeNode.CANARY);
    assertThat(second.requests()).hasSize(asked);
  }

  @Test
  void logsOfAnotherBlockAndReceiptsOfAnotherTransactionAreRefused() {
    Witness one = Readers.of(first).witnesses().get(0);
    BlockHeader block = one.header(30).orElseThrow();
    first.always(
        Replies.each(
            answer -> {
              JsonNode result = answer.get("result");
              if (result.isArray() && !result.isEmpty()) {
                ((com.fasterxml.jackson.databind.node.ObjectNode) result.get(0))
                    .put("blockHash", FakeChain.hash(77).toHex());
              } else if (result.has("transactionHash")) {
                ((com.fasterxml.jackson.databind.node.ObjectNode) result)
                    .put("transactionHash", FakeChain.hash(77).toHex());
              }
            }));

    assertThatThrownBy(() -> one.logs(FakeChain.query(30, 30), block.hash()))
        .isInstanceOf(ChainException.class);
    assertThatThrownBy(() -> one.receipt(FakeChain.hash(31))).isInstanceOf(ChainException.class);
  }

  private static ContractCall call(String data) {
    return new ContractCall(FakeChain.CONTRACT, Bytes.fromHex(data));
  }

  private static JsonNode params(List<JsonNode> requests, String method) {
    return requests.stream()
        .filter(request -> request.path("method").asText().equals(method))
        .findFirst()
        .orElseThrow()
        .get("params");
  }
}
