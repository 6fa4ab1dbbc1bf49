package org.mor.throughput.adapter.rpc;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;

/**
 * What endpoints are probed with.
 *
 * @param chainId the chain they should be of
 * @param topics the first topics of the events that are indexed
 * @param startBlock where the contract's history begins
 * @param known an event there is for certain; empty while none is known
 * @param call a call that the contract answers at every block since then; where an event is known,
 *     one that its block changes the answer of
 * @param state how the contract's state is read; empty where that is not looked at
 */
public record ProbeTarget(
    long chainId,
    Address contract,
    List<Hash32> topics,
    OptionalLong startBlock,
    Optional<KnownEvent> known,
    ContractCall call,
    Optional<StateUse> state) {
  public ProbeTarget {
    topics = List.copyOf(topics);
  }

  /** A target whose state is not looked at. */
  public ProbeTarget(
      long chainId,
      Address contract,
      List<Hash32> topics,
      OptionalLong startBlock,
      Optional<KnownEvent> known,
      ContractCall call) {
    this(chainId, contract, topics, startBlock, known, call, Optional.empty());
  }

  /**
   * How the contract's state is read.
   *
   * @param counter the storage slot of a count that every known event raises
   * @param confirmation the tag of the safe head; empty where it lies {@code lag} blocks behind the
   *     newest block
   */
  public record StateUse(Hash32 counter, Optional<HeadTag> confirmation, long lag) {}

  /** The block of an event and the block's time in Unix seconds. */
  public record KnownEvent(long block, long time) {}

  /** The oldest block worth asking for. */
  OptionalLong oldBlock() {
    return known.isPresent() ? OptionalLong.of(known.get().block()) : startBlock;
  }
}
