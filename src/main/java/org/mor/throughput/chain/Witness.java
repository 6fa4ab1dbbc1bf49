package org.mor.throughput.chain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall.CallResult;

/**
 * One endpoint that answers for itself alone, for what must not rest on one endpoint's word. Blocks
 * are asked for by hash, so an answer is never of another fork. Every method answers or throws a
 * {@link ChainException}; no other endpoint answers instead.
 */
public interface Witness {
  /** The endpoint's host. */
  String name();

  /** The header of a block; empty when the endpoint has no such block. */
  Optional<BlockHeader> header(long number);

  /**
   * The logs that {@code query} matches in one block.
   *
   * @param query over that block's number alone
   */
  List<RawLog> logs(LogQuery query, Hash32 blockHash);

  /** The receipt of a transaction; empty when the endpoint knows none. */
  Optional<Receipt> receipt(Hash32 txHash);

  /** The results of the calls against the state after the block, in the order of the calls. */
  List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash);

  /**
   * The texts among a block's fields, by their JSON names: what its hash is made of and more. Empty
   * when the endpoint has no such block.
   */
  default Optional<Map<String, String>> headerFields(Hash32 blockHash) {
    throw new ChainUnavailableException(name() + " cannot be asked for a block by its hash");
  }

  /**
   * The proofs of some slots of a contract after the block. Says nothing about the endpoint's
   * fitness for anything else when it fails: many endpoints do not serve proofs.
   *
   * @throws StatePrunedException when the endpoint no longer has that state
   */
  default StateProof proof(Address contract, List<Hash32> slots, BlockHeader block) {
    throw new ChainUnavailableException(name() + " does not serve eth_getProof");
  }

  /** Where a transaction stands, and all its logs, in order. */
  record Receipt(long block, Hash32 blockHash, List<RawLog> logs) {
    public Receipt {
      logs = List.copyOf(logs);
    }
  }
}
