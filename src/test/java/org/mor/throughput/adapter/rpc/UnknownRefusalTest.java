package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UnknownRefusalTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Diagnosis.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final FakeNode node = Readers.node();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    node.close();
  }

  @Test
  void anUnknown400EndsBatchingAndIsLoggedOnceWithTheHostAlone() {
    node.always(
        (exchange, request, self) ->
            (request.isArray()
                    ? Replies.status(400, "no lists at /v2/" + FakeNode.CANARY)
                    : Replies.honest())
                .send(exchange, request, self));
    RpcChainReader reader = Readers.of(node);

    assertThat(reader.logs(FakeChain.query(1, 100)).logs()).hasSize(10);
    assertThat(reader.logs(FakeChain.query(101, 200)).logs()).hasSize(10);

    assertThat(log.list).hasSize(1);
    assertThat(log.list.get(0).getFormattedMessage())
        .contains("127.0.0.1", "eth_getLogs+eth_getBlockByNumber", "HTTP 400", "no lists", "batch")
        .doesNotContain(FakeNode.CANARY);
  }
}
