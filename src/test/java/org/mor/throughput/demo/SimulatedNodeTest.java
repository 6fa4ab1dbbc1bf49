package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;

class SimulatedNodeTest {
  private static final String DIAMOND = SimulatedMarket.DIAMOND.toHex();
  private static final String MULTICALL = SimulatedMarket.MULTICALL3.toHex();
  private static final SimulatedMarket MARKET = Markets.of(11, 500);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NonFinalStaticField") // opened and closed around all tests
  private static SimulatedNode node;

  @BeforeAll
  static void start() throws IOException {
    node = SimulatedNode.start(MARKET, 0, 50_000);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aBatchAnswersLogsAndTheHeaderOfTheRangesEnd() throws Exception {
    LedgerEntry entry = MARKET.ledger().entries().get(100);
    long from = entry.openBlock();
    long to = Math.min(MARKET.head(), from + 49_999);
    JsonNode answer =
        post(
            "["
                + request(7, "eth_getLogs", filter(from, to, LogMethods.OPENED, LogMethods.CLOSED))
                + ","
                + request(8, "eth_getBlockByNumber", "[\"" + hex(to) + "\",false]")
                + "]");

    JsonNode logs = answer.path(0).path("result");
    assertThat(answer.path(0).path("id").asInt()).isEqualTo(7);
    assertThat(logs.size()).isEqualTo(MARKET.logs(from, to).size()).isPositive();
    assertThat(logs.path(0).path("topics").size()).isEqualTo(4);
    assertThat(logs.findValuesAsText("data")).containsOnly("0x");
    JsonNode header = answer.path(1).path("result");
    assertThat(header.path("number").asText()).isEqualTo(hex(to));
    assertThat(header.path("timestamp").asText()).isEqualTo(hex(BlockClock.timeOf(to)));
    assertThat(header.path("hash").asText()).isEqualTo(MARKET.header(to).hash().toHex());
  }

  @Test
  void topicsSelectOneKindOfLog() throws Exception {
    long from = MARKET.ledger().entries().get(100).openBlock();
    JsonNode logs = result("eth_getLogs", filter(from, from + 49_999, LogMethods.CLOSED));

    assertThat(logs)
        .allSatisfy(
            log ->
                assertThat(log.path("topics").path(0).asText())
                    .isEqualTo(LogMethods.CLOSED.toHex()));
    assertThat((long) logs.size())
        .isEqualTo(MARKET.logs(from, from + 49_999).stream().filter(SimulatedLog::close).count());
  }

  @Test
  void aRangeBeyondTheCapIsRefusedInAProvidersWords() throws Exception {
    JsonNode error =
        call("eth_getLogs", filter(MARKET.startBlock(), MARKET.startBlock() + 50_000))
            .path("error");

    assertThat(error.path("code").asInt()).isEqualTo(-32614);
    assertThat(error.path("message").asText())
        .isEqualTo("eth_getLogs is limited to a 50,000 range");
  }

  @Test
  void tagsNameHeadsOneBehindTheOther() throws Exception {
    assertThat(result("eth_chainId", "[]").asText()).isEqualTo("0x2105");
    assertThat(result("eth_blockNumber", "[]").asText()).isEqualTo(hex(MARKET.head()));
    assertThat(number("latest")).isEqualTo(MARKET.head());
    assertThat(number("safe")).isLessThan(MARKET.head());
    assertThat(number("finalized")).isLessThan(number("safe"));
    assertThat(
            result("eth_getBlockByNumber", "[\"" + hex(MARKET.head() + 1) + "\",false]").isNull())
        .isTrue();
  }

  @Test
  void aBlockIsFoundByTheHashItWasGivenOutWith() throws Exception {
    JsonNode latest = result("eth_getBlockByNumber", "[\"latest\",false]");

    assertThat(result("eth_getBlockByHash", "[\"" + latest.path("hash").asText() + "\",false]"))
        .isEqualTo(latest);
    assertThat(result("eth_getBlockByHash", "[\"0x" + "0".repeat(64) + "\",false]").isNull())
        .isTrue();
  }

  @Test
  void logsStateAndReceiptsAreAnsweredByBlockHash() {
    LedgerEntry entry = MARKET.ledger().entries().get(100);
    BlockRange block = new BlockRange(entry.openBlock(), entry.openBlock());
    Diamond diamond = new Diamond(SimulatedMarket.DIAMOND);
    LogQuery query = new LogQuery(diamond.address(), SessionEvent.topics(), block);
    Witness witness =
        RpcChainReader.open(List.of(node.url()), SimulatedMarket.CHAIN_ID).witnesses().get(0);

    BlockHeader header = witness.header(block.first()).orElseThrow();
    List<RawLog> logs = witness.logs(query, header.hash());
    CallResult state =
        witness.calls(List.of(diamond.session(entry.sessionId())), header.hash()).get(0);

    assertThat(logs).extracting(log -> log.topics().get(2)).contains(entry.sessionId());
    assertThat(witness.receipt(logs.get(0).txHash()).orElseThrow())
        .isEqualTo(new Witness.Receipt(block.first(), header.hash(), logs.subList(0, 1)));
    assertThat(SessionState.decode(((CallResult.Returned) state).data(), entry.sessionId()))
        .hasValueSatisfying(
            session -> assertThat(session.openedAt()).isEqualTo(header.timestamp()));
    assertThat(witness.receipt(Hash32.fromHex("0x" + "1".repeat(64)))).isEmpty();
  }

  @Test
  void aMulticallAnswersEachCallAndTellsWhichFailed() throws Exception {
    SimulatedSession session = MARKET.sessions().get(3);
    Bytes getSession = new AbiWords().raw(Bytes.fromHex("0x39b240bd")).hash(session.id()).toBytes();
    Bytes aggregate = aggregate3(List.of(getSession, Bytes.fromHex("0xdeadbeef")), true);
    String at = hex(MARKET.head());
    Bytes answer = Bytes.fromHex(ethCall(MULTICALL, aggregate, at).path("result").asText());
    Bytes alone = Bytes.fromHex(ethCall(DIAMOND, getSession, at).path("result").asText());

    assertThat(word(answer, 1)).isEqualTo(2);
    int first = 2 + (int) word(answer, 2) / 32;
    int second = 2 + (int) word(answer, 3) / 32;
    assertThat(word(answer, first)).isOne();
    assertThat(word(answer, first + 2)).isEqualTo(alone.size());
    assertThat(answer.slice((first + 3) * 32, (first + 3) * 32 + alone.size())).isEqualTo(alone);
    assertThat(word(answer, second)).isZero();
    assertThat(word(answer, second + 2)).isZero();
  }

  @Test
  void aMulticallThatMayNotFailReverts() throws Exception {
    Bytes aggregate = aggregate3(List.of(Bytes.fromHex("0xdeadbeef")), false);
    JsonNode error = ethCall(MULTICALL, aggregate, "latest").path("error");

    assertThat(error.path("code").asInt()).isEqualTo(3);
    assertThat(error.path("message").asText()).contains("Multicall3: call failed");
  }

  @Test
  void pagesOfAProvidersSessionsMakeUpTheWhole() throws Exception {
    SimulatedProvider provider = MARKET.catalogue().providers().get(0);
    int total = 0;
    for (int offset = 0; offset == 0 || offset < total; offset += 50) {
      Bytes data =
          new AbiWords()
              .raw(Bytes.fromHex("0x87bced7d"))
              .address(provider.address())
              .number(offset)
              .number(50)
              .toBytes();
      Bytes page = Bytes.fromHex(ethCall(DIAMOND, data, "latest").path("result").asText());
      total = (int) word(page, 1);
      assertThat(word(page, 2)).isEqualTo(Math.min(50, total - offset));
    }
    assertThat((long) total)
        .isEqualTo(
            MARKET.ledger().entries().stream()
                .filter(e -> e.provider().equals(provider.address()))
                .count());
  }

  @Test
  void aCallAtABlockThatIsNotThereFails() throws Exception {
    JsonNode error =
        ethCall(DIAMOND, Bytes.fromHex("0xbdfbbada"), hex(MARKET.head() + 1)).path("error");

    assertThat(error.path("message").asText()).isEqualTo("header not found");
  }

  @Test
  void onlyTheTwoContractsHaveCode() throws Exception {
    assertThat(result("eth_getCode", "[\"" + DIAMOND + "\",\"latest\"]").asText())
        .isNotEqualTo("0x");
    assertThat(result("eth_getCode", "[\"" + MULTICALL + "\",\"latest\"]").asText())
        .isNotEqualTo("0x");
    assertThat(result("eth_getCode", "[\"0x" + "1".repeat(40) + "\",\"latest\"]").asText())
        .isEqualTo("0x");
  }

  @Test
  void nonsenseIsAnsweredWithAnError() throws Exception {
    assertThat(post("{").path("error").path("code").asInt()).isEqualTo(-32700);
    assertThat(post("[]").path("error").path("code").asInt()).isEqualTo(-32600);
    assertThat(post("{\"id\":1}").path("error").path("code").asInt()).isEqualTo(-32600);
    assertThat(call("eth_mining", "[]").path("error").path("code").asInt()).isEqualTo(-32601);
    assertThat(call("eth_getBlockByNumber", "[\"xyz\"]").path("error").path("code").asInt())
        .isEqualTo(-32602);
  }

  private static Bytes aggregate3(List<Bytes> calls, boolean mayFail) {
    List<Bytes> tuples =
        calls.stream()
            .map(
                call ->
                    new AbiWords()
                        .address(SimulatedMarket.DIAMOND)
                        .flag(mayFail)
                        .number(96)
                        .bytes(call)
                        .toBytes())
            .toList();
    return new AbiWords()
        .raw(Bytes.fromHex("0x82ad56cb"))
        .number(32)
        .dynamicArray(tuples)
        .toBytes();
  }

  private static JsonNode ethCall(String to, Bytes data, String block) throws Exception {
    return call(
        "eth_call", "[{\"to\":\"" + to + "\",\"data\":\"" + data + "\"},\"" + block + "\"]");
  }

  private static String filter(long from, long to, Hash32... topics) {
    String list = String.join("\",\"", List.of(topics).stream().map(Hash32::toHex).toList());
    String topic0 = topics.length == 0 ? "" : "[\"" + list + "\"]";
    return "[{\"address\":\"%s\",\"fromBlock\":\"%s\",\"toBlock\":\"%s\",\"topics\":[%s]}]"
        .formatted(SimulatedMarket.DIAMOND, hex(from), hex(to), topic0);
  }

  private static long number(String tag) throws Exception {
    JsonNode block = result("eth_getBlockByNumber", "[\"" + tag + "\",false]");
    return Long.decode(block.path("number").asText());
  }

  private static JsonNode result(String method, String params) throws Exception {
    return call(method, params).path("result");
  }

  private static JsonNode call(String method, String params) throws Exception {
    return post(request(1, method, params));
  }

  private static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  private static JsonNode post(String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.url()))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return JSON.readTree(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static long word(Bytes data, int index) {
    return new BigInteger(1, data.slice(32 * index, 32 * index + 32).toArray()).longValueExact();
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
