package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.KnownEvent;
import org.mor.throughput.adapter.rpc.FakeNode.Reply;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.testing.VirtualTime;

/** What a probe tells of nodes that can and cannot do this and that. */
class EndpointProbeTest extends NodeTest {
  private static final long HEAD = 100_000;
  private static final Optional<KnownEvent> KNOWN = Optional.of(new KnownEvent(500, 1_000));

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void anAbleNodeIsFineInEveryRespect() {
    EndpointProbe.Probed probed = probe(Replies.honest(), KNOWN);

    assertThat(probed.findings())
        .allSatisfy(one -> assertThat(one.level()).as(one.toString()).isEqualTo(Level.FINE))
        .extracting(Finding::topic)
        .containsExactly(
            "chain",
            "head",
            "speed",
            "tags",
            "batch",
            "range",
            "multicall",
            "history",
            "log times",
            "old state");
    assertThat(finding(probed, "range").found()).isEqualTo("50,000 blocks in one request, or more");
    assertThat(finding(probed, "speed").found()).startsWith("median 7 ms of 5");
    assertThat(probed.answered()).isTrue();
    assertThat(probed.head().orElseThrow().number()).isEqualTo(HEAD);
    assertThat(probed.requests()).isLessThanOrEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2000|exceed max block range: 2000|2,000 blocks in one request (its number counts both ends)",
        "2001|exceed max block range: 2000|2,001 blocks in one request (it says 2000 and means to - from)",
        "10001|eth_getLogs is limited to a 10,000 range|10,001 blocks in one request (it says 10000 and",
        "1234|this is no known message|1,234 blocks in one request",
        "500|limit the query to at most 500 blocks|500 blocks in one request (its number counts both ends); a backfill takes 200 requests",
        "10|up to a 10 block range|10 blocks in one request (its number counts both ends); a backfill takes 9,998 requests",
        "1|up to a 1 block range|1 blocks in one request"
      })
  void theRangeIsFoundToTheBlock(long cap, String message, String found) {
    EndpointProbe.Probed probed = probe(capped(cap, message), KNOWN);

    Finding range = finding(probed, "range");
    assertThat(range.found()).startsWith(found);
    assertThat(range.level())
        .isEqualTo(cap >= 1_000 ? Level.FINE : cap >= 100 ? Level.NOTE : Level.ACT);
    assertThat(range.next().isEmpty()).isEqualTo(cap >= 1_000);
    assertThat(probed.requests()).isLessThanOrEqualTo(ProbeClient.MOST_REQUESTS);
  }

  @Test
  void aRangeThatTimesOutAndABatchThatIsNotUnderstoodAreFoundByTheirSize() {
    Reply wideTimesOut = capped(3_000, "request timed out");
    Reply reply =
        (exchange, request, node) ->
            (request.isArray() ? Replies.status(500, "") : wideTimesOut)
                .send(exchange, request, node);

    EndpointProbe.Probed probed = probe(reply, KNOWN);

    assertThat(finding(probed, "range").found()).matches("2,\\d{3} blocks.*time out\\)|3,000 .*");
    assertThat(finding(probed, "range").level()).isEqualTo(Level.FINE);
    assertThat(finding(probed, "batch").level()).isEqualTo(Level.NOTE);
    assertThat(probed.requests()).isLessThanOrEqualTo(ProbeClient.MOST_REQUESTS);
  }

  @Test
  void aNodeThatAnswersNoLogsAtAllIsOfNoUse() {
    EndpointProbe.Probed probed =
        probe(
            perCall(
                call ->
                    method(call).equals("eth_getLogs")
                        ? Optional.of("eth_getLogs is not for you")
                        : Optional.empty()),
            KNOWN);

    assertThat(finding(probed, "range").level()).isEqualTo(Level.ACT);
    assertThat(finding(probed, "range").found()).contains("not even the logs of one block");
    assertThat(finding(probed, "multicall").level()).isEqualTo(Level.FINE);
  }

  @Test
  void batchesAndMulticallsAreHalvedUntilTheyGoThrough() {
    Reply reply =
        (exchange, request, node) -> {
          boolean tooMany = request.isArray() && request.size() > 30;
          boolean tooLong = request.toString().length() > 6_000 && !request.isArray();
          Reply chosen =
              tooMany
                  ? Replies.error(-32600, "batch too large")
                  : tooLong ? Replies.errors(-32000, "out of gas") : Replies.honest();
          chosen.send(exchange, request, node);
        };

    EndpointProbe.Probed probed = probe(reply, KNOWN);

    assertThat(finding(probed, "batch").found())
        .isEqualTo("25 calls in one request, 50 are refused");
    assertThat(finding(probed, "multicall").found()).matches("\\d+ calls in one, \\d+ are refused");
  }

  @Test
  void withoutBatchesOrMulticallTheReaderStillWorks() {
    FakeChain bare = new FakeChain(Readers.CHAIN).head(HEAD).withoutMulticall();
    Reply noBatch =
        Replies.when(JsonNode::isArray, Replies.error(-32600, "batch requests are not supported"));

    EndpointProbe.Probed probed = probe(bare, noBatch, KNOWN);

    assertThat(finding(probed, "batch").level()).isEqualTo(Level.NOTE);
    assertThat(finding(probed, "batch").next()).contains("three requests a range");
    assertThat(finding(probed, "multicall").level()).isEqualTo(Level.NOTE);
  }

  @Test
  void anEmptyAnswerWhereASessionOpenedIsNotTakenForHistory() {
    Optional<KnownEvent> lost = Optional.of(new KnownEvent(503, 1_006));

    Finding history = finding(probe(Replies.honest(), lost), "history");

    assertThat(history.level()).isEqualTo(Level.ACT);
    assertThat(history.found()).contains("block 503", "old logs are gone");
  }

  @Test
  void withoutAKnownSessionAnEmptyAnswerProvesNothing() {
    Finding history = finding(probe(Replies.honest(), Optional.empty()), "history");

    assertThat(history.level()).isEqualTo(Level.NOTE);
    assertThat(history.next()).contains("after the first backfill");
  }

  @Test
  void aPrunedNodeSaysSo() {
    EndpointProbe.Probed probed =
        probe(
            perCall(
                call ->
                    (method(call).equals("eth_getLogs") || method(call).equals("eth_call"))
                            && call.toString().contains("\"0x1f4\"")
                        ? Optional.of("pruned history unavailable")
                        : Optional.empty()),
            KNOWN);

    assertThat(finding(probed, "history").level()).isEqualTo(Level.ACT);
    assertThat(finding(probed, "history").next()).contains("full history");
    assertThat(finding(probed, "old state").level()).isEqualTo(Level.NOTE);
    assertThat(finding(probed, "old state").found()).startsWith("no archive");
  }

  @Test
  void anAddressWithoutCodeIsFound() {
    Reply empty =
        Replies.each(
            answer -> {
              if (answer.path("result").asText().equals("0x60")
                  || answer.path("result").asText().startsWith("0x0100")) {
                answer.put("result", "0x");
              }
            });

    Finding contract = finding(probe(empty, KNOWN), "contract");

    assertThat(contract.level()).isEqualTo(Level.ACT);
    assertThat(contract.found())
        .isEqualTo("no contract at %s in block 100000".formatted(FakeChain.CONTRACT));
    assertThat(contract.next()).contains("DIAMOND_ADDRESS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "246900|ACT|an eth_call has 246,900 gas",
        "5000000|NOTE|an eth_call has 5,000,000 gas, too little for a long receipt",
        "550000000|FINE|an eth_call has 550,000,000 gas"
      })
  void aSmallGasCapIsFound(long gas, Level level, String found) {
    Finding finding =
        finding(
            probeState(
                answering(
                    call -> method(call).equals("eth_call") && !call.toString().contains("\"to\""),
                    "0x%064x".formatted(gas))),
            "gas");

    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.found()).isEqualTo(found);
    assertThat(finding.next().contains("--rpc.gascap")).isEqualTo(level != Level.FINE);
  }

  @Test
  void aGetterThatRevertsWithoutAReasonNamesTheGasCap() {
    Finding gas =
        finding(
            probeState(
                perCall(
                    call ->
                        method(call).equals("eth_call") && isNewest(call)
                            ? Optional.of("execution reverted")
                            : Optional.empty())),
            "gas");

    assertThat(gas.level()).isEqualTo(Level.ACT);
    assertThat(gas.next()).contains("gas cap for eth_call (geth: --rpc.gascap)");
  }

  @Test
  void aSafeHeadDeeperThanTheStateThatIsKeptIsFound() {
    Reply pruned =
        perCall(
            call ->
                method(call).equals("eth_call")
                        && call.path("params").path(1).asText().startsWith("0x")
                        && Long.decode(call.path("params").path(1).asText()) < HEAD - 127
                    ? Optional.of("missing trie node")
                    : Optional.empty());

    Finding gone = finding(probeState(pruned), "safe head");

    assertThat(gone.level()).isEqualTo(Level.ACT);
    assertThat(gone.found())
        .startsWith("the state of block 99700, the configured safe head, is gone");
    assertThat(gone.next()).contains("SAFETY_LAG_BLOCKS", "CONFIRMATION=blocks");
    assertThat(finding(probeState(Replies.honest()), "safe head").found())
        .isEqualTo("the state of block 99700, the configured safe head, is there");
  }

  @Test
  void anEndpointThatAnswersFromItsNewestStateIsFound() {
    Reply honest = Replies.honest();
    assertThat(finding(probeState(honest), "old questions").found())
        .as("this chain never changes")
        .isEqualTo("eth_getStorageAt and eth_call of block 499 answered from the newest state");
    Reply countsBefore = before("eth_getStorageAt", "0x29");
    assertThat(finding(probeState(countsBefore), "old questions").found())
        .startsWith("eth_call of");
    Reply callsBefore = before("eth_call", "0x");
    Finding storage = finding(probeState(callsBefore), "old questions");
    assertThat(storage.found()).startsWith("eth_getStorageAt of");
    assertThat(storage.level()).isEqualTo(Level.ACT);
    assertThat(storage.next()).contains("cannot prove");
    Reply forgets =
        perCall(
            call ->
                call.toString().contains("\"0x1f3\"")
                    ? Optional.of("missing trie node")
                    : Optional.empty());
    assertThat(probeState(forgets).findings())
        .noneMatch(finding -> finding.topic().equals("old questions"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0   | 1   | eth_getProof is served for 0 blocks back, with 1 keys a call",
        "127 | 100 | eth_getProof is served for at least 127 blocks back, with 96 keys a call",
        "999999999 | 999 | eth_getProof is served for at least 10,000 blocks back, with at least 192 keys a call",
      })
  void proofsAreFoundByTheirDepthAndTheirKeys(long depth, int keys, String found) {
    Finding proofs = finding(probeState(proving(depth, keys)), "proofs");
    assertThat(proofs.found()).isEqualTo(found);
    assertThat(proofs.level()).isEqualTo(Level.FINE);
  }

  @Test
  void aNodeWithoutProofsIsNoFault() {
    Finding proofs = finding(probeState(proving(0, 0)), "proofs");
    assertThat(proofs.found()).startsWith("eth_getProof is not served: ");
    assertThat(proofs.level()).isEqualTo(Level.NOTE);
    assertThat(proofs.next()).contains("verify --trustless");
  }

  /** Proves so many keys a call, so many blocks behind the head. */
  private static Reply proving(long depth, int keys) {
    return (exchange, request, node) -> {
      if (request.isArray() || !method(request).equals("eth_getProof")) {
        Replies.honest().send(exchange, request, node);
        return;
      }
      int asked = request.path("params").path(1).size();
      long behind = HEAD - Long.decode(request.path("params").path(2).asText());
      Reply reply =
          behind > depth
              ? Replies.error(-32000, "missing trie node")
              : asked > keys
                  ? Replies.error(-32602, "too many keys")
                  : Replies.body(
                      "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"storageProof\":[{}%s]}}"
                          .formatted(request.path("id"), ",{}".repeat(asked - 1)));
      reply.send(exchange, request, node);
    };
  }

  private EndpointProbe.Probed probeState(Reply reply) {
    FakeNode node = node(new FakeChain(Readers.CHAIN).head(HEAD), reply);
    EndpointProbe.Probed probed =
        probe(
                KNOWN,
                Optional.of(
                    new EndpointProbe.Target.StateUse(FakeChain.hash(0x51), Optional.empty(), 300)),
                node)
            .get(0);
    assertThat(probed.requests()).isLessThanOrEqualTo(40);
    return probed;
  }

  /** Another answer at the block before the known event. */
  private static Reply before(String method, String result) {
    return answering(
        call -> method(call).equals(method) && call.toString().contains("\"0x1f3\""), result);
  }

  private static Reply answering(Predicate<JsonNode> which, String result) {
    return (exchange, request, node) ->
        (request.isArray() || !which.test(request)
                ? Replies.honest()
                : Replies.each(answer -> answer.put("result", result)))
            .send(exchange, request, node);
  }

  private static boolean isNewest(JsonNode call) {
    return call.path("params").path(1).asText().equals("latest");
  }

  @Test
  void aWrongTimeInALogIsNamed() {
    EndpointProbe.Probed probed = probe(logTimes("0x3e9"), KNOWN);
    assertThat(finding(probed, "log times").found()).contains("says 1001, the block is of 1000");
    assertThat(finding(probed, "log times").level()).isEqualTo(Level.NOTE);

    assertThat(finding(probe(logTimes("0x3e8"), KNOWN), "log times").found())
        .isEqualTo("logs carry their block's time");
    assertThat(finding(probe(Replies.honest(), KNOWN), "log times").found())
        .contains("do not carry");
  }

  @Test
  void anotherChainIsNotProbedAnyFurther() {
    EndpointProbe.Probed probed = probe(new FakeChain(1).head(HEAD), Replies.honest(), KNOWN);

    assertThat(probed.findings()).hasSize(1);
    assertThat(finding(probed, "chain").found()).isEqualTo("chain id 1, expected 8453");
    assertThat(probed.answered()).isTrue();
    assertThat(probed.head()).isEmpty();
  }

  @Test
  void oneDeadEndpointHidesNothingOfTheOther() {
    FakeNode dead = node(new FakeChain(Readers.CHAIN), Replies.status(503, "down"));
    FakeNode able = node(new FakeChain(Readers.CHAIN).head(HEAD), Replies.honest());
    List<EndpointProbe.Probed> probed = probe(KNOWN, dead, able);

    assertThat(probed.get(0).answered()).isFalse();
    assertThat(probed.get(0).requests()).isEqualTo(2);
    assertThat(finding(probed.get(0), "chain").found()).contains("HTTP 503");
    assertThat(probed.get(1).findings()).hasSize(10);
    assertThat(probed.toString()).doesNotContain(FakeNode.CANARY);
  }

  @Test
  void aRefusedKeyIsToldWithoutTheKey() {
    EndpointProbe.Probed probed =
        probe(Replies.status(401, "no such key " + FakeNode.CANARY), KNOWN);

    assertThat(finding(probed, "chain").next()).contains("BASE_RPC_URL");
    assertThat(probed.toString()).doesNotContain(FakeNode.CANARY);
  }

  @Test
  void aNodeThatIsAlwaysBusyEndsInTheBudget() {
    AtomicLong count = new AtomicLong();
    Reply busy =
        (exchange, request, node) ->
            (count.incrementAndGet() % 2 == 0
                    ? Replies.honest()
                    : Replies.status(429, "slow down", "Retry-After", "100"))
                .send(exchange, request, node);

    EndpointProbe.Probed probed = probe(busy, KNOWN);

    assertThat(probed.requests()).isLessThanOrEqualTo(ProbeClient.MOST_REQUESTS);
    assertThat(finding(probed, "old state").found()).startsWith("not looked at");
  }

  private EndpointProbe.Probed probe(Reply reply, Optional<KnownEvent> known) {
    return probe(new FakeChain(Readers.CHAIN).head(HEAD), reply, known);
  }

  private EndpointProbe.Probed probe(FakeChain chain, Reply reply, Optional<KnownEvent> known) {
    FakeNode node = node(chain, reply);
    return probe(known, node).get(0);
  }

  private List<EndpointProbe.Probed> probe(Optional<KnownEvent> known, FakeNode... nodes) {
    return probe(known, Optional.empty(), nodes);
  }

  private List<EndpointProbe.Probed> probe(
      Optional<KnownEvent> known,
      Optional<EndpointProbe.Target.StateUse> state,
      FakeNode... nodes) {
    return EndpointProbe.probe(
        List.of(nodes).stream().map(FakeNode::url).toList(),
        new EndpointProbe.Target(
            Readers.CHAIN,
            FakeChain.CONTRACT,
            List.of(FakeChain.TOPIC),
            OptionalLong.of(1),
            known,
            new ContractCall(FakeChain.CONTRACT, Bytes.fromHex("0x01" + "00".repeat(35))),
            state),
        RpcOptions.defaults().withRequestTimeout(Duration.ofSeconds(10)),
        new VirtualTime(),
        () -> nanos.getAndAdd(7_000_000));
  }

  private FakeNode node(FakeChain chain, Reply reply) {
    return node(chain).always(reply);
  }

  private static Finding finding(EndpointProbe.Probed probed, String topic) {
    return probed.findings().stream()
        .filter(one -> one.topic().equals(topic))
        .findFirst()
        .orElseThrow(() -> new AssertionError(topic + " is not in " + probed.findings()));
  }

  private static Reply capped(long cap, String message) {
    return perCall(
        call -> {
          JsonNode filter = call.path("params").path(0);
          return method(call).equals("eth_getLogs")
                  && number(filter, "toBlock") - number(filter, "fromBlock") + 1 > cap
              ? Optional.of(message)
              : Optional.empty();
        });
  }

  /** Answers single calls with an error where {@code refuse} has a message for them. */
  private static Reply perCall(Function<JsonNode, Optional<String>> refuse) {
    return (exchange, request, node) -> {
      Optional<String> message = request.isArray() ? Optional.empty() : refuse.apply(request);
      (message.isPresent() ? Replies.errors(-32602, message.get()) : Replies.honest())
          .send(exchange, request, node);
    };
  }

  private static Reply logTimes(String time) {
    return Replies.each(
        answer -> {
          if (answer.path("result") instanceof ArrayNode logs) {
            logs.forEach(log -> ((ObjectNode) log).put("blockTimestamp", time));
          }
        });
  }

  private static String method(JsonNode call) {
    return call.path("method").asText();
  }

  private static long number(JsonNode filter, String field) {
    return Long.decode(filter.get(field).asText());
  }
}
