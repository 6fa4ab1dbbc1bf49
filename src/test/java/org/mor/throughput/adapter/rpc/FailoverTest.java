package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader.HeadTag;

class FailoverTest {
  private final FakeChain firstChain = new FakeChain(Readers.CHAIN);
  private final FakeChain secondChain = new FakeChain(Readers.CHAIN);
  private final FakeNode first = new FakeNode(firstChain);
  private final FakeNode second = new FakeNode(secondChain);
  private final FakeNode foreign = new FakeNode(new FakeChain(1));
  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void close() {
    first.close();
    second.close();
    foreign.close();
  }

  @Test
  void thePreferredEndpointIsAskedWhileItAnswers() {
    RpcChainReader reader = Readers.of(first, second);

    reader.head(HeadTag.LATEST);
    reader.logs(FakeChain.query(1, 100));

    assertThat(first.requests()).as("chain id, head, its header, logs").hasSize(4);
    assertThat(second.requests()).hasSize(1);
  }

  @Test
  void aWrongChainOnThePreferredEndpointNamesHostAndChains() {
    assertThatThrownBy(() -> Readers.of(foreign, first).head(HeadTag.LATEST))
        .isInstanceOf(WrongChainException.class)
        .hasMessageContainingAll("127.0.0.1#1", "serves chain 1, not 8453", "NETWORK");
  }

  @Test
  void aWrongChainOnAnotherEndpointLeavesItOut() {
    RpcChainReader reader = Readers.of(first, foreign);
    assertThat(reader.chainId()).isEqualTo(Readers.CHAIN);
    first.always(Replies.status(503, ""));

    assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100)))
        .isInstanceOf(ChainUnavailableException.class);
    assertThat(foreign.requests()).hasSize(1);
  }

  @Test
  void aWrongChainThatShowsLateIsFoundBeforeItIsRead() {
    foreign.next(Replies.status(503, ""));
    RpcChainReader reader = Readers.of(first, foreign);
    reader.chainId();
    first.next(Replies.status(503, ""));

    assertThat(reader.logs(FakeChain.query(1, 100)).logs()).hasSize(10);
    assertThat(foreign.requests())
        .extracting(request -> request.path("method").asText())
        .containsOnly("eth_chainId");
  }

  @Test
  void retryAfterIsHonoured() {
    RpcChainReader reader = Readers.of(time, first);
    reader.chainId();
    first.next(Replies.status(429, "", "Retry-After", "17"));

    reader.logs(FakeChain.query(1, 100));

    assertThat(time.slept()).isEqualTo(Duration.ofSeconds(17));
    assertThat(Readers.stats(reader).retries()).isEqualTo(1);
    assertThat(Readers.stats(reader).failures()).containsEntry("rate", 1L);
  }

  @Test
  void refusedKeysEverywhereSaySo() {
    first.always(Replies.status(401, ""));
    second.always(Replies.status(403, ""));

    assertThatThrownBy(() -> Readers.of(first, second).head(HeadTag.LATEST))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContainingAll("127.0.0.1#1", "127.0.0.1#2", "key", "BASE_RPC_URL");
    assertThat(first.requests()).hasSize(1);
  }

  @Test
  void anEndpointThatKeepsFailingIsAskedLastForAWhile() {
    RpcChainReader reader = Readers.of(time, first, second);
    reader.chainId();
    first.always(Replies.status(503, ""));
    for (int i = 0; i < 10; i++) {
      reader.logs(FakeChain.query(1, 100));
    }

    assertThat(first.requests()).hasSize(1 + 3);
  }

  @Test
  void aHeadNeverGoesBack() {
    RpcChainReader reader = Readers.of(first, second);
    reader.head(HeadTag.LATEST);
    firstChain.head(900);
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
    secondChain.head(900);
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
    firstChain.head(1_100);
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_100);
  }

  @Test
  void aWrongHeadIsNotBelievedWithoutItsBlock() {
    RpcChainReader reader = Readers.patient(time, first);
    reader.chainId();
    first.next(
        Replies.each(answer -> ((ObjectNode) answer.get("result")).put("number", "0xfffffff")));

    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
    firstChain.head(1_010);
    first.next(
        Replies.each(answer -> ((ObjectNode) answer.get("result")).put("number", "0xfffffff")));
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_010);
    firstChain.head(1_020);
    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_020);
  }

  @Test
  void aHeadThatIsReadTwiceIsBelievedWhereAnotherNodeAnswersForItsBlock() {
    RpcChainReader reader = Readers.patient(time, first);
    reader.chainId();
    Reply without = Replies.each(answer -> answer.putNull("result"));
    first.next(Replies.honest(), without, Replies.honest(), without);

    assertThat(reader.head(HeadTag.LATEST).number()).isEqualTo(1_000);
  }

  @Test
  void aNodeWithoutOldStateStaysFitForLogsAndSecondOpinions() {
    RpcChainReader reader = Readers.patient(time, first, second);
    reader.chainId();
    Reply pruned =
        (exchange, request, self) ->
            (request.path("method").asText().equals("eth_getStorageAt")
                    ? Replies.errors(
                        -32000, "missing trie node 1f2a (path ) state is not available")
                    : Replies.honest())
                .send(exchange, request, self);
    first.always(pruned);
    assertThat(reader.storage(FakeChain.CONTRACT, FakeChain.hash(3), 500)).isNotNull();
    int before = first.requests().size();
    second.always(Replies.edited(FailoverTest::withoutLogs));

    assertThat(reader.logs(FakeChain.query(101, 200)).logs()).hasSize(10);
    assertThat(first.requests()).as("asked first for logs").hasSize(before + 1);
    first.always(Replies.edited(FailoverTest::withoutLogs));
    reader.logs(FakeChain.query(801, 900));
    reader.storage(FakeChain.CONTRACT, FakeChain.hash(3), 400);
    assertThat(first.requests()).as("and not again for old state").hasSize(before + 2);
  }

  private static JsonNode withoutLogs(JsonNode answer) {
    if (answer.isArray()) {
      ((ArrayNode) answer.get(0).get("result")).removeAll();
    }
    return answer;
  }

  @Test
  void aHeaderBeyondTheHeadIsEmptyButOneBelowItMustExist() {
    RpcChainReader reader = Readers.of(first);
    assertThat(reader.header(5_000)).isEmpty();
    reader.head(HeadTag.LATEST);
    firstChain.head(900);

    assertThatThrownBy(() -> reader.header(950))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("does not have block 950");
  }

  @Test
  void aLaggingNodeIsPassedOverForLogs() {
    firstChain.head(50);

    assertThat(Readers.of(first, second).logs(FakeChain.query(1, 100)).logs()).hasSize(10);
  }

  @Test
  void aPrunedNodeIsNotAskedForThatDepthAgain() {
    RpcChainReader reader = Readers.of(first, second);
    reader.chainId();
    first.always(Replies.errors(4444, "pruned history unavailable"));
    reader.logs(FakeChain.query(101, 200));
    reader.logs(FakeChain.query(1, 100));
    assertThat(first.requests()).hasSize(2);
    first.always(Replies.honest());

    reader.logs(FakeChain.query(201, 300));

    assertThat(first.requests()).hasSize(3);
  }

  @Test
  void theErrorSaysWhatWasTriedAndWhatToDo() {
    first.always(Replies.status(503, "out to lunch"));

    assertThatThrownBy(() -> Readers.of(first).logs(FakeChain.query(7, 100)))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContainingAll(
            "logs from block 7",
            "4 tries",
            "127.0.0.1",
            "HTTP 503 out to lunch",
            "try again later");
  }

  @Test
  void aStorageWordMayComeWithoutItsLeadingZeros() {
    assertThat(Readers.of(first).storage(FakeChain.CONTRACT, FakeChain.hash(3), 10))
        .isEqualTo(FakeChain.hash(42));
  }
}
