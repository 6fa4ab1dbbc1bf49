package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import org.mor.throughput.chain.Bytes;

/** How many contract calls one Multicall3 call may hold. */
final class ProbeMulticall {
  private static final String TOPIC = "multicall";

  private final ProbeClient client;
  private final ProbeTarget target;
  private final int most;
  private final long block;

  ProbeMulticall(ProbeClient client, ProbeTarget target, int most, long block) {
    this.client = client;
    this.target = target;
    this.most = most;
    this.block = block;
  }

  ProbeFinding run() {
    Bytes code =
        client.fields().bytes(client.ask(RpcCall.code(Multicall3.ADDRESS, block)), "the code");
    if (code.isEmpty()) {
      return ProbeFinding.note(
          TOPIC, "Multicall3 is not on this chain", "nothing: calls are made in batches");
    }
    int refused = most;
    for (int size = most; size >= 2; size /= 2) {
      if (answers(size)) {
        return ProbeFinding.fine(
            TOPIC,
            size == most
                ? "%d calls in one, or more".formatted(size)
                : "%d calls in one, %d are refused".formatted(size, refused));
      }
      refused = size;
    }
    return ProbeFinding.note(
        TOPIC, "not even two calls in one are answered", "nothing: calls are made in batches");
  }

  private boolean answers(int size) {
    try {
      Bytes returned =
          client
              .fields()
              .bytes(
                  client.ask(
                      RpcCall.call(
                          Multicall3.aggregate(Collections.nCopies(size, target.call())), block)),
                  "the result of eth_call");
      return Multicall3.decode(returned, size).stream().allMatch(Multicall3.Inner::success);
    } catch (EndpointFailure failure) {
      return switch (failure.reaction()) {
        case DENSITY, REVERT, GAS, UNKNOWN, TRANSIENT -> false;
        default -> throw failure;
      };
    } catch (IllegalArgumentException e) {
      throw client
          .fields()
          .contradiction("Multicall3 returned what it never does: " + e.getMessage());
    }
  }
}
