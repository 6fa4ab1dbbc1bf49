package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.testing.Fuzz;

/** Whatever a node answers, an endpoint's reader returns values or the endpoint has failed. */
class RpcFuzzTest {
  private static final String KEY = "CANARYk3yDoNotShow";
  private static final ErrorTable TABLE = ErrorTable.load();
  private static final Endpoint ENDPOINT =
      Endpoint.parseAll(List.of("https://node.example/v2/" + KEY)).get(0);
  private static final FakeChain CHAIN = new FakeChain(8453);

  private interface Asking {
    void ask(EndpointReader reader);
  }

  @Test
  void logs() {
    LogQuery query = FakeChain.query(100, 149);
    fuzz(
        "logs",
        reader -> {
          LogSlice slice = reader.logs(query);
          assertThat(slice.range().first()).isEqualTo(100);
          slice
              .logs()
              .forEach(log -> assertThat(slice.range().contains(log.position().block())).isTrue());
        });
  }

  @Test
  void headers() {
    fuzz("a head", reader -> assertThat(reader.head(HeadTag.LATEST).number()).isNotNegative());
    fuzz(
        "a header", reader -> reader.header(7).ifPresent(h -> assertThat(h.number()).isEqualTo(7)));
    fuzz("the chain id", reader -> assertThat(reader.chainId()).isNotNegative());
  }

  @Test
  void calls() {
    List<ContractCall> calls = new ArrayList<>();
    for (String data : List.of("0x01020304", "0xaabbccdd", "0x11223344")) {
      calls.add(new ContractCall(FakeChain.CONTRACT, Bytes.fromHex(data)));
    }
    fuzz(
        "calls",
        reader -> {
          CallProgress progress = new CallProgress(calls);
          reader.fill(progress, 500);
          List<CallResult> results = progress.all();
          assertThat(results).hasSize(3);
        });
  }

  /** The answer to the first request is spoilt, later ones are honest. */
  private static void fuzz(String name, Asking asking) {
    List<byte[]> answers = new ArrayList<>();
    asking.ask(reader(body -> kept(answers, honest(body))));
    Fuzz.of(name, List.of(answers.get(0)), EndpointFailure.class)
        .slow(20)
        .feed(input -> guarded(asking, input));
  }

  private static void guarded(Asking asking, byte[] input) {
    boolean[] used = new boolean[1];
    try {
      asking.ask(
          reader(
              body -> {
                byte[] answer = used[0] ? honest(body) : input;
                used[0] = true;
                return answer;
              }));
    } catch (EndpointFailure e) {
      String message = String.valueOf(e.getMessage());
      assertThat(message).doesNotContain(KEY).hasSizeLessThan(2_000);
      assertThat(message).doesNotContainPattern("\\p{Cntrl}|[\u202a-\u202e]");
      throw e;
    }
  }

  private interface Body {
    byte[] answer(byte[] request);
  }

  private static EndpointReader reader(Body body) {
    Transport transport =
        (endpoint, request) -> new HttpReply(200, Optional.empty(), body.answer(request));
    RpcOptions options = RpcOptions.defaults();
    return new EndpointReader(
        new RpcClient(ENDPOINT, transport, TABLE, new RpcStats(), options.batchSize()), options);
  }

  private static byte[] kept(List<byte[]> answers, byte[] answer) {
    answers.add(answer);
    return answer;
  }

  private static byte[] honest(byte[] body) {
    try {
      JsonNode request = FakeNode.JSON.readTree(body);
      if (!request.isArray()) {
        return FakeNode.JSON.writeValueAsBytes(CHAIN.answer(request));
      }
      ArrayNode answers = FakeNode.JSON.createArrayNode();
      request.forEach(one -> answers.add(CHAIN.answer(one)));
      return FakeNode.JSON.writeValueAsBytes(answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
