package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.testing.VirtualTime;

/** The header of the block that a scan stands on, read with the logs. */
class AnchorTest extends NodeTest {
  private static final LogQuery QUERY = FakeChain.query(101, 200).anchoredAt(100L);

  private static BlockHeader header(long number) {
    return new BlockHeader(number, FakeChain.hash(number), 2 * number);
  }

  @Test
  void itTravelsInTheSameBatchAsTheLogs() {
    FakeNode node = node();
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    int before = node.requests().size();

    LogSlice slice = reader.logs(QUERY);

    assertThat(slice.anchors()).containsExactly(header(100));
    assertThat(slice.end()).isEqualTo(header(200));
    assertThat(slice.top()).isEqualTo(header(200));
    assertThat(slice.host()).isEqualTo(URI.create(node.url()).getHost());
    assertThat(slice.logs()).hasSize(10);
    assertThat(node.requests()).hasSize(before + 1);
    assertThat(methods(node.requests().get(before)))
        .containsExactly("eth_getLogs", "eth_getBlockByNumber", "eth_getBlockByNumber");
  }

  @Test
  void withoutAnAnchorNothingMoreIsAsked() {
    FakeNode node = node();
    RpcChainReader reader = Readers.of(node);
    reader.chainId();
    int before = node.requests().size();

    assertThat(reader.logs(FakeChain.query(101, 200)).anchors()).isEmpty();

    assertThat(methods(node.requests().get(before)))
        .containsExactly("eth_getLogs", "eth_getBlockByNumber");
  }

  @ParameterizedTest
  @CsvSource({
    "1,eth_getBlockByNumber eth_getLogs eth_getBlockByNumber eth_getBlockByNumber",
    "2,eth_getLogs+eth_getBlockByNumber eth_getBlockByNumber"
  })
  void whereABatchHoldsTooFewCallsItIsReadAfterTheLogs(int batch, String requests) {
    FakeNode node = node();
    RpcChainReader reader = reader(node, batch);
    reader.chainId();
    int before = node.requests().size();

    assertThat(reader.logs(QUERY).anchors()).containsExactly(header(100));

    List<JsonNode> asked = node.requests().subList(before, node.requests().size());
    assertThat(asked.stream().map(one -> String.join("+", methods(one))))
        .containsExactly(requests.split(" ", -1));
    assertThat(asked.get(asked.size() - 1).path("params").path(0).asText()).isEqualTo("0x64");
  }

  @Test
  void aNodeThatDoesNotHaveItIsNotBelieved() {
    FakeNode node = node();
    node.always(Replies.edited(answer -> withBlock(answer, 2, null)));
    RpcChainReader reader = Readers.of(node);

    assertThatThrownBy(() -> reader.logs(QUERY))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("does not have block 100");
  }

  @Test
  void anotherBlockInItsPlaceContradictsTheQuestion() {
    FakeNode node = node();
    node.always(Replies.edited(answer -> withBlock(answer, 2, "0x63")));
    RpcChainReader reader = Readers.of(node);

    assertThatThrownBy(() -> reader.logs(QUERY))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("asked for block 100, answered with block 99");
  }

  @Test
  void aLogOfTheAnchorsBlockWithAnotherHashContradictsIt() {
    FakeNode node = node();
    node.always(
        Replies.edited(
            answer -> {
              JsonNode block = answer.path(2).path("result");
              if (block instanceof ObjectNode header) {
                header.put("hash", "0x" + "ab".repeat(32));
              }
              return answer;
            }));
    RpcChainReader reader = Readers.of(node);

    assertThatThrownBy(() -> reader.logs(FakeChain.query(51, 200).anchoredAt(100L)))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("give block 100 the hash");
    assertThat(reader.logs(QUERY).anchors().get(0).hash().toHex()).startsWith("0xabab");
  }

  private static JsonNode withBlock(JsonNode answer, int place, @Nullable String number) {
    if (answer.path(place) instanceof ObjectNode one) {
      if (number == null) {
        one.putNull("result");
      } else {
        ((ObjectNode) one.get("result")).put("number", number);
      }
    }
    return answer;
  }

  private static List<String> methods(JsonNode request) {
    List<String> methods = new ArrayList<>();
    if (request.isArray()) {
      request.forEach(call -> methods.add(call.path("method").asText()));
    } else {
      methods.add(request.path("method").asText());
    }
    return methods;
  }

  private static RpcChainReader reader(FakeNode node, int batch) {
    RpcOptions usual = RpcOptions.defaults();
    RpcOptions options =
        new RpcOptions(
            Duration.ofSeconds(5),
            4,
            Duration.ofMinutes(2),
            usual.firstDelay(),
            usual.maxDelay(),
            usual.maxRetryAfter(),
            usual.startBlocks(),
            usual.maxBlocks(),
            usual.multicallSize(),
            batch,
            1);
    return RpcChainReader.open(
        List.of(node.url()), Readers.CHAIN, options, new VirtualTime(), new Random(1));
  }
}
