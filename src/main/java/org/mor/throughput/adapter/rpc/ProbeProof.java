package org.mor.throughput.adapter.rpc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Whether an endpoint serves {@code eth_getProof}, how far back, and for how many keys a call. */
final class ProbeProof {
  /** Blocks behind the head, nearest first; the first that fails ends the search. */
  private static final long[] DEPTHS = {16, 127, 1_000, 10_000, 100_000, 1_000_000};

  private static final int[] KEYS = {24, 96, ProofReader.MOST_KEYS};

  private final ProbeClient client;
  private final EndpointProbe.Target target;
  private final BlockHeader head;

  ProbeProof(ProbeClient client, EndpointProbe.Target target, BlockHeader head) {
    this.client = client;
    this.target = target;
    this.head = head;
  }

  /** At most 10 requests. */
  Finding run(EndpointProbe.Target.StateUse use) {
    Optional<EndpointFailure> none = failure(use, head.number(), 1);
    if (none.isPresent()) {
      return Finding.note(
          "eth_getProof is not served: " + none.get().text(),
          "nothing: the indexer runs without; verify --trustless needs an endpoint that serves it");
    }
    long depth = 0;
    long lowest = target.startBlock().orElse(0);
    for (long behind : DEPTHS) {
      long block = head.number() - behind;
      if (block < lowest || failure(use, block, 1).isPresent()) {
        break;
      }
      depth = behind;
    }
    int keys = 1;
    for (int count : KEYS) {
      if (failure(use, head.number(), count).isPresent()) {
        break;
      }
      keys = count;
    }
    return Finding.fine(
        "eth_getProof is served for %s%,d blocks back, with %s%d keys a call"
            .formatted(
                depth == 0 ? "" : "at least ",
                depth,
                keys == ProofReader.MOST_KEYS ? "at least " : "",
                keys));
  }

  private Optional<EndpointFailure> failure(
      EndpointProbe.Target.StateUse use, long block, int count) {
    List<Hash32> slots = new ArrayList<>();
    BigInteger first = new BigInteger(1, use.counter().toArray());
    for (int i = 0; i < count; i++) {
      String hex = first.add(BigInteger.valueOf(i)).toString(16);
      slots.add(Hash32.of(Bytes.fromHex("0x" + "0".repeat(64 - hex.length()) + hex).toArray()));
    }
    BlockHeader at = new BlockHeader(Math.max(0, block), head.hash(), 0);
    try {
      boolean whole =
          client.ask(RpcCall.proof(target.contract(), slots, at, false)).path("storageProof").size()
              == count;
      return whole
          ? Optional.empty()
          : Optional.of(client.fields().contradiction("the answer holds no proof of each key"));
    } catch (EndpointFailure failure) {
      return Optional.of(failure);
    }
  }
}
