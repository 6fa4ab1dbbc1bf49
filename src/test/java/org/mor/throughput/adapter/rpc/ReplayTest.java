package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.testing.ReplayNode;

/** Against a recording of the real contract, on a node that misbehaves on demand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
  private static final long FIRST = 37_000_000;
  private static final Address DIAMOND =
      Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a");
  private static final Hash32 OPENED =
      Hash32.fromHex("0x2bd7c890baf595977d256a6e784512c873ac58ba612b4895dbb7f784bfbf4839");
  private static final Hash32 CLOSED =
      Hash32.fromHex("0x337fbb0a41a596db800dc836595a57815f967185e3596615c646f2455ac3914a");
  private static final String FAULTS =
      "{\"http429\":0.05,\"http503\":0.04,\"hang\":0.02,\"reset\":0.04,\"garbage\":0.04,"
          + "\"rpcError\":0.02,\"wrongId\":0.02,\"truncate\":0.04}";

  private long head;
  private List<RawLog> expectedLogs = List.of();
  private List<CallResult> expectedResults = List.of();

  @BeforeAll
  void readWithoutFaults() throws IOException {
    try (ReplayNode node = ReplayNode.start()) {
      RpcChainReader reader = reader(node.url());
      head = reader.head(HeadTag.LATEST).number();
      expectedLogs = allLogs(reader);
      expectedResults = allSessions(reader, expectedLogs);
    }
  }

  @Test
  void everyLogAndSessionOfTheRecordingIsRead() {
    assertThat(expectedLogs).hasSize(1_558);
    assertThat(expectedLogs).extracting(RawLog::position).isSorted().doesNotHaveDuplicates();
    assertThat(expectedResults).hasSize(800).allMatch(CallResult.Returned.class::isInstance);
  }

  @ParameterizedTest
  @MethodSource("misbehaviours")
  void aMisbehavingNodeChangesNothing(List<String> options) throws IOException {
    try (ReplayNode node = ReplayNode.start(options.toArray(String[]::new))) {
      RpcChainReader reader = reader(node.url());

      List<RawLog> logs = allLogs(reader);
      List<CallResult> results = allSessions(reader, expectedLogs);

      assertThat(logs).hasSameSizeAs(expectedLogs);
      assertThat(logs.equals(expectedLogs)).as("the same logs in the same order").isTrue();
      assertThat(results.equals(expectedResults)).as("the same results").isTrue();
    }
  }

  static List<List<String>> misbehaviours() {
    return List.of(
        List.of("--max-range", "2000"),
        List.of("--max-range", "700", "--no-multicall"),
        List.of("--max-results", "150"),
        List.of("--lag", "300"),
        List.of("--no-batch"),
        List.of("--no-batch", "--no-multicall"),
        List.of("--max-batch", "7", "--no-multicall"),
        List.of("--max-calls", "40", "--no-block-timestamp"),
        List.of("--faults", FAULTS, "--max-range", "500", "--seed", "7"),
        List.of("--faults", FAULTS, "--lag", "50", "--seed", "8"),
        List.of("--faults", FAULTS, "--no-multicall", "--seed", "9"));
  }

  @Test
  void aBackfillOfTheRecordingTakesFewRequests() throws IOException {
    try (ReplayNode node = ReplayNode.start("--max-range", "2000", "--latency", "20")) {
      RpcChainReader reader = reader(node.url());

      reader.head(HeadTag.LATEST);
      allSessions(reader, allLogs(reader));

      assertThat(reader.stats().snapshot().requests()).isLessThanOrEqualTo(20);
    }
  }

  private static RpcChainReader reader(String url) {
    return RpcChainReader.open(
        List.of(url),
        8453,
        RpcOptions.defaults().withRequestTimeout(Duration.ofMillis(800)),
        new VirtualTime(),
        new Random(1));
  }

  private List<RawLog> allLogs(RpcChainReader reader) {
    List<RawLog> logs = new ArrayList<>();
    for (long next = FIRST; next <= head; ) {
      LogSlice slice =
          reader.logs(new LogQuery(DIAMOND, List.of(OPENED, CLOSED), new BlockRange(next, head)));
      logs.addAll(slice.logs());
      next = slice.range().last() + 1;
    }
    return logs;
  }

  private List<CallResult> allSessions(RpcChainReader reader, List<RawLog> logs) {
    List<ContractCall> calls =
        logs.stream()
            .filter(log -> log.topics().get(0).equals(OPENED))
            .map(log -> "0x39b240bd" + log.topics().get(2).toHex().substring(2))
            .map(data -> new ContractCall(DIAMOND, Bytes.fromHex(data)))
            .toList();
    return reader.calls(calls, head);
  }
}
