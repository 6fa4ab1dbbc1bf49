package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.testing.VirtualTime;

/** Nodes that do not understand a batch, or cut its answer, while single calls work. */
class BatchTest extends NodeTest {
  private static final int HEAD = 60_000;
  private static final List<ContractCall> CALLS =
      IntStream.range(0, 300)
          .mapToObj("0x01%08x"::formatted)
          .map(data -> new ContractCall(FakeChain.CONTRACT, Bytes.fromHex(data)))
          .toList();

  private final FakeNode node = node(new FakeChain(Readers.CHAIN).head(HEAD).withoutMulticall());

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("500", Replies.status(500, "{\"error\":\"Internal Server Error\"}")),
        Arguments.of("501", Replies.status(501, "")),
        Arguments.of("503", Replies.status(503, "")),
        Arguments.of("400", Replies.status(400, "bad request")),
        Arguments.of("404", Replies.status(404, "")),
        Arguments.of("405", Replies.status(405, "")),
        Arguments.of("415", Replies.status(415, "")),
        Arguments.of("422", Replies.status(422, "{\"detail\":\"value is not a valid dict\"}")),
        Arguments.of("413", Replies.status(413, "")),
        Arguments.of("nothing", Replies.body("")),
        Arguments.of("no list element", Replies.body("[]")),
        Arguments.of("null", Replies.body("null")),
        Arguments.of("nulls", Replies.body("[null,null]")),
        Arguments.of("HTML", Replies.body("<html></html>")),
        Arguments.of("only the first", Replies.edited(answer -> answer.get(0))),
        Arguments.of("one missing", Replies.edited(BatchTest::withoutLast)),
        Arguments.of("-32601", Replies.error(-32601, "Method undefined is not supported")),
        Arguments.of("-32600", Replies.error(-32600, "Invalid Request")),
        Arguments.of("-32700", Replies.error(-32700, "parse error")),
        Arguments.of("-32000", Replies.error(-32000, "we take one question at a time")),
        Arguments.of("internal", Replies.error(-32603, "Internal error")),
        Arguments.of("reset", Replies.reset()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void theSameCallsOneByOneAreTakenAndThatIsSaidOnce(String name, Reply refusal) {
    List<ILoggingEvent> log = log(RpcClient.class.getName());
    batches(refusal, request -> true);
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);

    assertThat(Readers.logs(reader, FakeChain.query(1, HEAD))).hasSize(HEAD / 10);
    assertThat(reader.calls(CALLS, 10)).hasSameSizeAs(CALLS);

    assertThat(log)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement()
        .asString()
        .contains("127.0.0.1", "one by one", "tried again")
        .doesNotContain(FakeNode.CANARY);
    assertThat(sentBatches()).as("batches tried of 300 calls and 60,000 blocks").isLessThan(40);
  }

  @Test
  void oneRefusalDoesNotEndBatchesForGood() {
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);
    reader.chainId();
    node.next(Replies.status(400, "bad request"));

    for (int first = 1; first < 1_000; first += 100) {
      reader.logs(FakeChain.query(first, first + 99));
    }

    assertThat(sentBatches()).as("refused, then held back for five ranges").isEqualTo(5);
    assertThat(node.requests().get(node.requests().size() - 1).isArray()).isTrue();
  }

  @Test
  void oneRefusalAfterGoodAnswersIsWaitedFor() {
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);
    reader.logs(FakeChain.query(1, 2_000));
    node.next(Replies.status(400, "bad request"));

    reader.logs(FakeChain.query(2_001, 4_000));

    assertThat(node.requests().stream().filter(request -> !request.isArray()))
        .extracting(request -> request.path("method").asText())
        .containsExactly("eth_chainId");
    assertThat(Readers.stats(reader).failures()).containsEntry("rate", 1L);
  }

  @Test
  void theHeaderThatDidNotFitIsAskedByItself() {
    // As geth with --rpc.batch-response-max-size: what crosses the limit comes, the rest does not.
    batches(
        Replies.edited(
            answer -> {
              tooLarge((ObjectNode) answer.get(1));
              return answer;
            }),
        request -> true);
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);

    assertThat(Readers.logs(reader, FakeChain.query(1, 12_000))).hasSize(1_200);

    assertThat(Readers.stats(reader).retries()).isZero();
  }

  @Test
  void oneBlockThatIsTooLargeForABatchIsAskedAlone() {
    batches(Replies.error(-32003, "response too large"), request -> true);
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);

    assertThat(reader.logs(FakeChain.query(10, 10)).logs()).hasSize(1);
    assertThat(Readers.logs(reader, FakeChain.query(1, 100))).hasSize(10);
  }

  @Test
  void callsBeyondTheLimitOfABatchsAnswerComeInSmallerBatches() {
    batches(
        Replies.edited(
            answer -> {
              for (int i = 7; i < answer.size(); i++) {
                tooLarge((ObjectNode) answer.get(i));
              }
              return answer;
            }),
        request -> request.size() > 7);
    RpcChainReader reader = Readers.patient(new VirtualTime(), node);

    assertThat(reader.calls(CALLS, 10)).hasSameSizeAs(CALLS);

    assertThat(Readers.stats(reader).retries()).isZero();
    assertThat(sentBatches()).isLessThan(300 / 3);
  }

  private void batches(Reply refusal, Predicate<JsonNode> refused) {
    node.always(Replies.when(request -> request.isArray() && refused.test(request), refusal));
  }

  private long sentBatches() {
    return node.requests().stream().filter(JsonNode::isArray).count();
  }

  private static JsonNode withoutLast(JsonNode answer) {
    ((ArrayNode) answer).remove(answer.size() - 1);
    return answer;
  }

  private static void tooLarge(ObjectNode answer) {
    answer.remove("result");
    answer.putObject("error").put("code", -32003).put("message", "response too large");
  }
}
