package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;

/** A process that is ended at a known moment, and an endpoint that does not answer. */
class QuestionTimeTest {
  private final FakeNode node = Readers.node();
  private final VirtualTime time = new VirtualTime();
  private final Instant end = time.now().plusSeconds(90);
  private final RpcChainReader reader =
      RpcChainReader.open(
          java.util.List.of(node.url()),
          Readers.CHAIN,
          RpcOptions.defaults().withBudget(1_000, Duration.ofMinutes(10)),
          time,
          new Random(1));

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void everyQuestionEndsBeforeTheProcessDoesHoweverLateItBegins() {
    reader.chainId();
    reader.limitQuestions(this::half);
    node.always(Replies.status(503, ""));

    int questions = 0;
    for (; half().toMillis() > 1_000; questions++) {
      Instant before = time.now();
      Duration most = half();
      assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100)))
          .isInstanceOf(ChainUnavailableException.class)
          .hasMessageContaining("the run's time was nearly up");
      assertThat(Duration.between(before, time.now())).isLessThanOrEqualTo(most);
      time.sleep(Duration.ofSeconds(1));
    }

    assertThat(questions).isGreaterThan(4);
    assertThat(time.now()).isBefore(end);
  }

  @Test
  void aPauseThatOutlastsTheProcessIsNotWaitedFor() {
    reader.chainId();
    reader.limitQuestions(() -> Duration.ofSeconds(40));
    node.next(Replies.status(429, "", "Retry-After", "60"));

    assertThatThrownBy(() -> reader.logs(FakeChain.query(1, 100)))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("time was nearly up");
    assertThatThrownBy(() -> reader.head(HeadTag.LATEST))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContainingAll("asked for a pause", "60 s more");

    assertThat(time.slept()).isZero();
  }

  @Test
  void withNoTimeLeftAnExchangeIsNotWaitedFor() {
    reader.limitQuestions(() -> Duration.ZERO);
    node.always((exchange, request, self) -> self.awaitClose());

    assertThatThrownBy(() -> reader.head(HeadTag.LATEST))
        .isInstanceOf(ChainUnavailableException.class)
        .hasMessageContaining("no whole answer within 0 ms");
  }

  private Duration half() {
    Duration left = Duration.between(time.now(), end);
    return left.isNegative() ? Duration.ZERO : left.dividedBy(2);
  }
}
