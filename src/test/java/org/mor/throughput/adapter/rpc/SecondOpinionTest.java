package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogSlice;

/** The fake chain has a log in every tenth block; its head is block 10,000 here. */
class SecondOpinionTest {
  private final FakeChain firstChain = new FakeChain(Readers.CHAIN).head(10_000);
  private final FakeChain secondChain = new FakeChain(Readers.CHAIN).head(10_000);
  private final FakeNode first = new FakeNode(firstChain);
  private final FakeNode second = new FakeNode(secondChain);
  private final FakeNode third = new FakeNode(new FakeChain(Readers.CHAIN).head(10_000));
  private final VirtualTime time = new VirtualTime();

  @AfterEach
  void close() {
    first.close();
    second.close();
    third.close();
  }

  @Test
  void oneEndpointIsTakenAtItsWord() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(first);

    assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).isEmpty();

    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 0, 0, 0));
  }

  @Test
  void anEmptyAnswerForManyBlocksIsConfirmedInOneRequest() {
    first.always(noLogs());
    second.always(noLogs());
    RpcChainReader reader = Readers.of(first, second);

    LogSlice slice = reader.logs(FakeChain.query(1, 2_000));

    assertThat(slice.logs()).isEmpty();
    assertThat(slice.range().last()).isEqualTo(2_000);
    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(1, 0, 0, 1));
    assertThat(second.requests()).as("the chain id and the opinion").hasSize(2);
  }

  @Test
  void anEmptyAnswerForFewBlocksFarFromTheHeadIsTaken() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(first, second);
    reader.head(HeadTag.LATEST);

    assertThat(reader.logs(FakeChain.query(1, 1_000)).logs()).isEmpty();

    assertThat(second.requests()).hasSize(1);
  }

  @Test
  void anEmptyAnswerNearTheHeadIsNotTakenAtItsWord() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(first, second);
    reader.head(HeadTag.LATEST);

    assertThat(reader.logs(FakeChain.query(9_700, 9_799)).logs()).isEmpty();
    assertThat(reader.logs(FakeChain.query(9_701, 9_800)).logs()).hasSize(10);
  }

  @Test
  void logsThatOnlyTheOtherEndpointHasAreTakenAndTheOmissionIsCounted() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(first, second);

    LogSlice slice = reader.logs(FakeChain.query(1, 2_000));

    assertThat(slice.range().last()).isEqualTo(2_000);
    assertThat(slice.logs()).hasSize(200);
    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 1, 0, 1));
  }

  @Test
  void anEndpointThatLeftLogsOutIsAskedLastForLogsAndStillFirstForState() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(first, second);
    reader.logs(FakeChain.query(1, 2_000));
    int firstBefore = first.requests().size();
    int secondBefore = second.requests().size();

    reader.storage(FakeChain.CONTRACT, FakeChain.hash(3), 10);
    assertThat(first.requests()).hasSize(firstBefore + 1);
    assertThat(second.requests()).hasSize(secondBefore);

    assertThat(reader.logs(FakeChain.query(2_001, 2_100)).logs()).hasSize(10);
    assertThat(second.requests()).hasSize(secondBefore + 1);
  }

  @Test
  void threeEqualAnswersInARowMakeUpForAnOmission() {
    first.next(Replies.honest(), noLogs());
    RpcChainReader reader = Readers.of(time, first, second);
    reader.logs(FakeChain.query(1, 2_000));

    for (int i = 0; i < 2; i++) {
      reader.logs(FakeChain.query(2_001, 2_100));
      int trials = first.requests().size();
      reader.logs(FakeChain.query(2_001, 2_100));
      assertThat(first.requests()).as("one trial a minute").hasSize(trials);
      time.sleep(Duration.ofMinutes(2));
    }
    reader.logs(FakeChain.query(2_001, 2_100));
    int asked = second.requests().size();

    reader.logs(FakeChain.query(2_001, 2_100));

    assertThat(second.requests()).as("the first is asked again").hasSize(asked);
  }

  @Test
  void whoLeavesLogsOutAgainStaysLast() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(time, first, second);
    for (int i = 0; i < 6; i++) {
      assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).hasSize(200);
      time.sleep(Duration.ofMinutes(2));
    }

    assertThat(Readers.stats(reader).opinions().disagreed()).isEqualTo(1);
  }

  @Test
  void aDoubtedEndpointConfirmsNothing() {
    first.always(noLogs());
    RpcChainReader reader = Readers.of(time, first, second);
    reader.logs(FakeChain.query(1, 2_000));
    second.always(noLogs());

    assertThat(reader.logs(FakeChain.query(2_001, 4_000)).logs()).isEmpty();

    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 1, 1, 2));
  }

  @Test
  void anEndpointThatIsDownConfirmsNothingFailsNothingAndIsNotAskedEachTime() {
    first.always(noLogs());
    second.next(Replies.honest()).always(Replies.status(503, ""));
    RpcChainReader reader = Readers.of(time, first, second);

    for (int i = 0; i < 50; i++) {
      assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).isEmpty();
    }

    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 0, 50, 1));
    assertThat(time.slept()).isZero();
  }

  @Test
  void anEndpointBehindTheRangesEndConfirmsNothing() {
    first.always(noLogs());
    secondChain.head(1_999);
    RpcChainReader reader = Readers.of(first, second);

    assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).isEmpty();

    assertThat(Readers.stats(reader).opinions().unconfirmed()).isEqualTo(1);
    assertThat(Readers.stats(reader).failures()).containsEntry("lag", 1L);
  }

  @Test
  void anEndpointThatHasDroppedTheBlocksIsNotAskedAboutThemAgain() {
    first.always(noLogs());
    second.next(Replies.honest()).always(Replies.errors(4444, "pruned history unavailable"));
    RpcChainReader reader = Readers.of(time, first, second);

    reader.logs(FakeChain.query(2_001, 4_000));
    time.sleep(Duration.ofHours(1));
    reader.logs(FakeChain.query(1, 2_000));

    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 0, 2, 1));
  }

  @Test
  void anotherVersionOfTheLastBlockIsNoOpinion() {
    first.always(noLogs());
    second
        .next(Replies.honest())
        .always(
            Replies.edited(
                answer -> {
                  ((ObjectNode) answer.get(1).get("result"))
                      .put("hash", FakeChain.hash(77).toHex());
                  ((ArrayNode) answer.get(0).get("result")).removeAll();
                  return answer;
                }));
    RpcChainReader reader = Readers.of(first, second);

    assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).isEmpty();

    assertThat(Readers.stats(reader).opinions()).isEqualTo(opinions(0, 0, 1, 1));
  }

  @Test
  void aThirdEndpointIsAskedWhenTheSecondCannotSay() {
    first.always(noLogs());
    second.next(Replies.honest()).always(Replies.status(503, ""));

    assertThat(Readers.of(first, second, third).logs(FakeChain.query(1, 2_000)).logs())
        .hasSize(200);
  }

  @Test
  void anEndpointWithALowCapIsAskedALittleAndThenNoMore() {
    first.always(noLogs());
    second.always(Replies.honest());
    second.always(capped(100));
    RpcChainReader reader = Readers.of(time, first, second);

    for (int i = 0; i < 20; i++) {
      assertThat(reader.logs(FakeChain.query(1, 2_000)).logs()).isEmpty();
      time.sleep(Duration.ofMinutes(20));
    }

    assertThat(Readers.stats(reader).opinions().unconfirmed()).isEqualTo(20);
    assertThat(Readers.stats(reader).opinions().requests()).isLessThanOrEqualTo(8);
  }

  @Test
  void whatIsFoundInALeadingPartCountsAlthoughTheRestCouldNotBeRead() {
    first.always(noLogs());
    second.next(Replies.honest(), Replies.errors(-32005, "query returned more than 10000 results"));
    second.next(Replies.honest()).always(Replies.status(503, ""));
    RpcChainReader reader = Readers.of(first, second);

    LogSlice slice = reader.logs(FakeChain.query(1, 2_000));

    assertThat(slice.range().last()).isEqualTo(1_000);
    assertThat(slice.logs()).hasSize(100);
    assertThat(slice.end().number()).isEqualTo(1_000);
    assertThat(Readers.stats(reader).opinions().disagreed()).isEqualTo(1);
  }

  @Test
  void allOthersDownNeverFailsTheRun() {
    first.always(noLogs());
    second.always(Replies.reset());
    third.always(Replies.status(401, ""));

    assertThatCode(() -> Readers.of(first, second, third).logs(FakeChain.query(1, 2_000)))
        .doesNotThrowAnyException();
  }

  /** Honest but for the logs, which it does not have. */
  private static Reply noLogs() {
    return Replies.edited(
        answer -> {
          if (answer.isArray()) {
            ((ArrayNode) answer.get(0).get("result")).removeAll();
          }
          return answer;
        });
  }

  private static Reply capped(long blocks) {
    return (exchange, request, node) -> {
      boolean tooMany = false;
      if (request.isArray()) {
        var filter = request.get(0).get("params").get(0);
        long from = Long.decode(filter.get("fromBlock").asText());
        long to = Long.decode(filter.get("toBlock").asText());
        tooMany = to - from >= blocks;
      }
      (tooMany
              ? Replies.errors(-32005, "please limit the query to at most " + blocks + " blocks")
              : noLogs())
          .send(exchange, request, node);
    };
  }

  private static RpcStats.Opinions opinions(
      long confirmed, long disagreed, long unconfirmed, long requests) {
    return new RpcStats.Opinions(confirmed, disagreed, unconfirmed, requests);
  }
}
