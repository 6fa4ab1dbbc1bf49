package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.StateProof;

/**
 * Reads {@code eth_getProof} of one endpoint, as many keys a call as it takes. A key's proof is
 * some 6 KB of JSON on a large contract, so a call stays near 1.5 MB.
 */
final class ProofReader {
  static final int MOST_KEYS = 192;

  private final RpcClient client;
  private final Fields fields;
  private int keys = MOST_KEYS;
  private boolean byHash = true;

  ProofReader(RpcClient client) {
    this.client = client;
    this.fields = new Fields(client);
  }

  /**
   * The proofs of all slots; the account is that of the last answer.
   *
   * @throws EndpointFailure when the endpoint does not serve proofs, or not of this block
   */
  StateProof read(Address contract, List<Hash32> slots, BlockHeader block) {
    List<StateProof.Slot> all = new ArrayList<>();
    StateProof last;
    int from = 0;
    do {
      last = some(contract, slots.subList(from, slots.size()), block);
      all.addAll(last.slots());
      from += last.slots().size();
    } while (from < slots.size());
    return new StateProof(
        last.contract(),
        last.nonce(),
        last.balance(),
        last.storageRoot(),
        last.codeHash(),
        last.accountNodes(),
        all);
  }

  /** The proofs of the first slots, as many as one answer holds. */
  private StateProof some(Address contract, List<Hash32> slots, BlockHeader block) {
    while (true) {
      List<Hash32> asked = slots.subList(0, Math.min(keys, slots.size()));
      try {
        JsonNode answer = client.ask(RpcCall.proof(contract, asked, block, byHash));
        return proof(answer, asked.size());
      } catch (EndpointFailure failure) {
        Reaction reaction = failure.reaction();
        boolean unknown = reaction == Reaction.UNKNOWN;
        boolean size = reaction == Reaction.DENSITY || reaction == Reaction.CAP;
        if (byHash && unknown) {
          byHash = false;
        } else if (asked.size() > 1 && (size || unknown)) {
          keys = asked.size() / 2;
        } else {
          throw failure;
        }
      }
    }
  }

  private StateProof proof(JsonNode answer, int asked) {
    JsonNode slots = answer.path("storageProof");
    if (!answer.isObject() || !slots.isArray() || slots.size() != asked) {
      throw fields.contradiction(
          "asked for the proofs of %d slots, got %d".formatted(asked, slots.size()));
    }
    List<StateProof.Slot> proven = new ArrayList<>();
    for (JsonNode slot : slots) {
      proven.add(
          new StateProof.Slot(
              fields.word(slot.path("key"), "a slot's key"),
              fields.word(slot.path("value"), "a slot's value"),
              nodes(slot.path("proof"))));
    }
    return new StateProof(
        fields.address(answer, "address"),
        number(answer, "nonce"),
        number(answer, "balance"),
        fields.hash(answer, "storageHash"),
        fields.hash(answer, "codeHash"),
        nodes(answer.path("accountProof")),
        proven);
  }

  private BigInteger number(JsonNode answer, String field) {
    return new BigInteger(1, fields.word(answer.path(field), field).toArray());
  }

  private List<Bytes> nodes(JsonNode nodes) {
    if (!nodes.isArray()) {
      throw fields.contradiction("a proof is no list of nodes");
    }
    List<Bytes> all = new ArrayList<>();
    nodes.forEach(node -> all.add(fields.bytes(node, "a node of a proof")));
    return all;
  }
}
