package org.mor.throughput.adapter.rpc;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.slf4j.LoggerFactory;

/** Tests with nodes that end with the test. */
abstract class NodeTest {
  private final List<Runnable> atTheEnd = new ArrayList<>();

  /** A well-behaved node of the right chain. */
  final FakeNode node() {
    return node(new FakeChain(Readers.CHAIN));
  }

  final FakeNode node(FakeChain chain) {
    FakeNode node = new FakeNode(chain);
    atTheEnd.add(node::close);
    return node;
  }

  /** What {@code by}, a class or a package, logs from now on. */
  final List<ILoggingEvent> log(String by) {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    Logger logger = (Logger) LoggerFactory.getLogger(by);
    logger.addAppender(appender);
    atTheEnd.add(() -> logger.detachAppender(appender));
    return appender.list;
  }

  @AfterEach
  final void end() {
    atTheEnd.forEach(Runnable::run);
  }
}
