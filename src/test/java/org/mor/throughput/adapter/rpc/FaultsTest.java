package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.slf4j.LoggerFactory;

/** Every fault once, then for ever, on a node that echoes its key wherever it can. */
class FaultsTest {
  private static final String KEY = FakeNode.CANARY;

  private static final Map<String, Reply> PASSING = new LinkedHashMap<>();
  private static final Map<String, Reply> CONTRADICTIONS = new LinkedHashMap<>();

  static {
    PASSING.put("429", Replies.status(429, "slow down " + KEY, "Retry-After", "7"));
    PASSING.put("503", Replies.status(503, "<html>http://h/" + KEY + "</html>"));
    PASSING.put("500", Replies.status(500, ""));
    PASSING.put("hang", Replies.hang());
    PASSING.put("drip feed", Replies.dripFeed());
    PASSING.put("reset", Replies.reset());
    PASSING.put("garbage", Replies.body("<html>" + KEY));
    PASSING.put("empty body", Replies.body(""));
    PASSING.put("truncated", Replies.truncated());
    PASSING.put("deep", Replies.body("[".repeat(100_000)));
    PASSING.put("gzip", Replies.status(200, "x", "Content-Encoding", "gzip"));
    PASSING.put("huge", Replies.huge(Limits.RESPONSE_BYTES + (1 << 20)));
    PASSING.put("wrong id", Replies.each(answer -> answer.put("id", 99_999)));
    PASSING.put("text id", Replies.each(answer -> answer.put("id", answer.get("id").asText())));
    PASSING.put(
        "missing answer", Replies.edited(a -> FakeNode.JSON.createArrayNode().add(a.get(0))));
    PASSING.put(
        "answered twice",
        Replies.edited(a -> FakeNode.JSON.createArrayNode().add(a.get(0)).add(a.get(0))));
    PASSING.put("no result", Replies.each(answer -> answer.remove("result")));
    PASSING.put("object for a batch", Replies.body("{\"result\":[]}"));
    PASSING.put("error object", Replies.error(-32000, "Internal error at http://h/" + KEY));
    PASSING.put("errors", Replies.errors(-32005, "rate limit for " + KEY));
    PASSING.put("unknown error", Replies.errors(-32099, "the moon is too close to " + KEY));
    PASSING.put("lag", Replies.errors(-32000, "header not found"));
    PASSING.put("null header", Replies.edited(a -> withNullHeader(a)));
    PASSING.put("pruned", Replies.errors(4444, "pruned history unavailable"));
    PASSING.put("401", Replies.status(401, "bad key " + KEY));
    PASSING.put("403", Replies.status(403, "bad key " + KEY));
    PASSING.put("redirect", Replies.status(302, "", "Location", "http://h/" + KEY));
    CONTRADICTIONS.put("removed log", Replies.firstLog(log -> log.put("removed", true)));
    CONTRADICTIONS.put("duplicate log", Replies.logs(logs -> logs.add(logs.get(0).deepCopy())));
    CONTRADICTIONS.put(
        "foreign address", Replies.firstLog(log -> log.put("address", "0x" + "1".repeat(40))));
    CONTRADICTIONS.put(
        "foreign topic",
        Replies.firstLog(log -> log.putArray("topics").add("0x" + "1".repeat(64))));
    CONTRADICTIONS.put("no topics", Replies.firstLog(log -> log.putArray("topics")));
    CONTRADICTIONS.put("block too high", Replies.firstLog(log -> log.put("blockNumber", "0xfff")));
    CONTRADICTIONS.put("negative block", Replies.firstLog(log -> log.put("blockNumber", "-0x1")));
    CONTRADICTIONS.put("odd data", Replies.firstLog(log -> log.put("data", "0x0" + KEY)));
    CONTRADICTIONS.put("missing hash", Replies.firstLog(log -> log.remove("transactionHash")));
    CONTRADICTIONS.put(
        "other hash than the header",
        Replies.logs(
            logs ->
                ((ObjectNode) logs.get(logs.size() - 1)).put("blockHash", "0x" + "1".repeat(64))));
    CONTRADICTIONS.put("null logs", Replies.edited(a -> withResult(a, 0, "null")));
    CONTRADICTIONS.put(
        "other header", Replies.edited(a -> withResult(a, 1, "{\"number\":\"0x1\"}")));
  }

  @ParameterizedTest
  @MethodSource("allFaults")
  void oneFaultIsOvercomeByAnotherEndpoint(String name) throws Exception {
    try (FakeNode bad = Readers.node();
        FakeNode good = Readers.node()) {
      RpcChainReader reader = Readers.of(bad, good);
      reader.chainId();
      bad.next(fault(name));

      assertThat(Readers.logs(reader, FakeChain.query(1, 100))).hasSize(10);
      assertThat(Readers.stats(reader).failures()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("lastingFaults")
  void aFaultThatStaysEndsInTheRightErrorWithoutTheKey(String name) throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger("org.mor.throughput.adapter.rpc");
    log.start();
    root.addAppender(log);
    try (FakeNode bad = Readers.node()) {
      RpcChainReader reader = Readers.of(bad);
      reader.chainId();
      bad.always(fault(name));

      Throwable thrown = catchThrowable(() -> reader.logs(FakeChain.query(1, 100)));

      assertThat(thrown)
          .isInstanceOf(
              CONTRADICTIONS.containsKey(name)
                  ? ChainContradictionException.class
                  : ChainUnavailableException.class)
          .hasMessageContaining("127.0.0.1");
      assertThat(everythingSaid(thrown, log)).doesNotContain(KEY);
    } finally {
      root.detachAppender(log);
    }
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void aFaultAtTheStartIsOvercomeTooAndShowsNoKey(String name) throws Exception {
    try (FakeNode bad = Readers.node();
        FakeNode good = Readers.node()) {
      bad.always(fault(name));

      assertThat(Readers.of(bad, good).logs(FakeChain.query(1, 100)).logs()).hasSize(10);
    }
  }

  static Stream<String> allFaults() {
    return Stream.concat(PASSING.keySet().stream(), CONTRADICTIONS.keySet().stream());
  }

  /** Without the one that takes long. */
  static Stream<String> lastingFaults() {
    return allFaults().filter(name -> !name.equals("huge"));
  }

  /** Those that make sense in answer to a single call. */
  static Stream<String> passingFaults() {
    return Stream.of("429", "503", "hang", "reset", "garbage", "wrong id", "401", "error object");
  }

  private static Reply fault(String name) {
    Reply reply = PASSING.get(name);
    return reply != null ? reply : Objects.requireNonNull(CONTRADICTIONS.get(name));
  }

  private static JsonNode withNullHeader(JsonNode answer) {
    return withResult(answer, 1, "null");
  }

  private static JsonNode withResult(JsonNode answer, int index, String json) {
    try {
      ((ObjectNode) answer.get(index)).set("result", FakeNode.JSON.readTree(json));
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String everythingSaid(Throwable thrown, ListAppender<ILoggingEvent> log) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    assertThat(thrown).isInstanceOf(ChainException.class);
    return text
        + log.list.stream()
            .map(ILoggingEvent::getFormattedMessage)
            .collect(Collectors.joining("\n"));
  }
}
