package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.Sighting;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;

/** Questions to every endpoint: witnesses, the contract, and the oldest state. */
class SurveyTest extends NodeTest {
  private final FakeNode first = node();
  private final FakeNode second = node();

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

  private static final ContractCall GETTER =
      new ContractCall(FakeChain.CONTRACT, Bytes.fromHex("0xbdfbbada"));

  @Test
  void aContractIsLookedForOnce() {
    FakeNode node = node();
    RpcChainReader reader = Readers.of(node);

    reader.requireContract(GETTER);
    reader.requireContract(GETTER);

    assertThat(node.requests())
        .extracting(request -> request.path("method").asText())
        .as("the head, the header that confirms it, and the code")
        .containsExactly(
            "eth_chainId", "eth_getBlockByNumber", "eth_getBlockByNumber", "eth_getCode");
  }

  @Test
  void anAddressWithoutCodeIsAWrongSetting() {
    FakeNode one = node().always(NO_CONTRACT);
    FakeNode two = node().always(NO_CONTRACT);
    assertThatThrownBy(() -> Readers.of(one, two).requireContract(GETTER))
        .isInstanceOf(WrongChainException.class)
        .hasMessageContainingAll(
            FakeChain.CONTRACT.toHex(),
            "chain 8453",
            "no contract in block 1000, the newest one, says 127.0.0.1#1, 127.0.0.1#2",
            "next: check DIAMOND_ADDRESS and NETWORK")
        .hasMessageNotContaining(FakeNode.CANARY);
  }

  @Test
  void anEndpointThatIsStillSyncingDoesNotDenyTheContract() {
    FakeNode syncing = node().always(NO_CONTRACT);
    FakeNode able = node();
    Readers.of(syncing, able).requireContract(GETTER);
    assertThat(able.requests()).isNotEmpty();
  }

  @Test
  void aContractThatAnswersIsThereWhateverItsCode() {
    FakeNode node = node().always(result("eth_getCode", "0x"));
    Readers.of(node).requireContract(GETTER);
    assertThat(node.requests()).hasSize(5);
  }

  @Test
  void anEndpointThatDoesNotTellCodeIsNoEvidence() {
    Reply refused =
        Replies.when(
            request -> request.toString().contains("eth_getCode"),
            Replies.errors(-32601, "the method eth_getCode is not available"));
    FakeNode node = node().always(refused);
    RpcChainReader reader = Readers.of(node);
    reader.requireContract(GETTER);
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
  }

  @Test
  void theLowestStateIsFoundToTheBlock() {
    FakeNode node = node().always(keeping(873));
    RpcChainReader reader = Readers.of(node);

    assertThat(reader.lowestState(700)).hasValue(873);
    assertThat(reader.lowestState(900)).hasValue(900);
    assertThat(reader.lowestState(1_001)).isEmpty();
    int before = node.requests().size();
    assertThat(reader.lowestState(10)).hasValue(873);
    assertThat(node.requests().size() - before).as("head and two blocks").isEqualTo(3);
    for (long lowest : new long[] {1, 2, 500, 872, 874, 999, 1_000}) {
      FakeNode other = node().always(keeping(lowest));
      assertThat(Readers.of(other).lowestState(1)).as("from %d on", lowest).hasValue(lowest);
    }
    FakeNode none = node().always(keeping(2_000));
    assertThat(Readers.of(none).lowestState(1)).isEmpty();
  }

  @Test
  void oneEndpointWithTheStateIsEnough() {
    FakeNode pruned = node().always(keeping(873));
    FakeNode archive = node();
    assertThat(Readers.of(pruned, archive).lowestState(10)).hasValue(10);
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

  @Test
  void everyEndpointThatHasABlockIsAWitnessOfIt() {
    FakeNode one = node(new FakeChain(Readers.CHAIN).head(500));
    FakeNode behind = node(new FakeChain(Readers.CHAIN).head(50));
    FakeNode down = node().always(Replies.status(503, "down"));
    RpcChainReader reader = Readers.of(one, behind, down);

    String host = URI.create(one.url()).getHost();
    assertThat(reader.sightings(100)).containsExactly(new Sighting(host, header(100)));
    assertThat(reader.sightings(40))
        .containsExactly(new Sighting(host, header(40)), new Sighting(host, header(40)));
    assertThat(reader.sightings(501)).isEmpty();
  }

  private static BlockHeader header(long number) {
    return new BlockHeader(number, FakeChain.hash(number), 2 * number);
  }
}
