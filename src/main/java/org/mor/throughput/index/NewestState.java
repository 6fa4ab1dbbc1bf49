package org.mor.throughput.index;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;

/**
 * Finds endpoints that answer a question about a block with their newest state. They give the
 * newest figures for block 0, too; that alone is a suspicion, since some do so only for blocks
 * whose state they have dropped. A session that opened after the block is the proof: at the block
 * it is unknown and not counted.
 */
final class NewestState {
  /** Log queries to find one session with, where the block is far behind the newest one. */
  private static final int MOST_QUERIES = 20;

  private static final String NEXT =
      "\n"
          + "next: that endpoint cannot prove anything, so put another one first in BASE_RPC_URL; `doctor` names it";

  private final ContractReader contract;
  private final ChainReader chain;

  NewestState(ContractReader contract) {
    this.contract = contract;
    this.chain = contract.chain();
  }

  /**
   * What there is to say where {@code eth_getStorageAt} gives the newest count of opens for a
   * block; empty where it does not.
   *
   * @param count what it gave
   */
  Optional<String> inStorage(long block, long count) {
    long newest = chain.head(HeadTag.LATEST).number();
    return newest > block
            && at(newest, ContractFigures::opens).equals(Optional.of(count))
            && at(0, ContractFigures::opens).equals(Optional.of(count))
            && openedIn(block, newest).isPresent()
        ? Optional.of(
            "eth_getStorageAt says %,d opens for block %d and for block %d, although sessions opened between them: an endpoint answers from its newest state%s"
                .formatted(count, block, newest, NEXT))
        : Optional.empty();
  }

  /**
   * Makes sure that calls are answered from the state of a block; for use where figures differ.
   *
   * @throws ChainUnavailableException when they are answered from a later one
   */
  void requireOldCalls(long block) {
    long newest = chain.head(HeadTag.LATEST).number();
    Optional<BigInteger> claimed = at(newest, ContractFigures::totalClaimed).flatMap(x -> x);
    boolean suspect =
        newest > block
            && claimed.filter(wei -> wei.signum() > 0).isPresent()
            && at(0, ContractFigures::totalClaimed).equals(Optional.of(claimed));
    Optional<Hash32> later = suspect ? openedIn(block, newest) : Optional.empty();
    if (later.isPresent() && isKnown(later.get(), block)) {
      throw new ChainUnavailableException(
          "Comparing with the contract at block %d: eth_call knows session %s there, which opened later: an endpoint answers from its newest state%s"
              .formatted(block, later.get(), NEXT));
    }
  }

  /** A figure of a block; empty where no endpoint has that state, which is an honest answer. */
  private <T> Optional<T> at(long block, Function<ContractFigures, T> figure) {
    try {
      return Optional.of(figure.apply(new ContractFigures(contract, block)));
    } catch (ChainUnavailableException e) {
      return Optional.empty();
    }
  }

  private boolean isKnown(Hash32 session, long block) {
    return chain.calls(List.of(contract.diamond().session(session)), block).get(0)
            instanceof CallResult.Returned returned
        && !returned.data().isEmpty()
        && SessionState.decode(returned.data(), session).isPresent();
  }

  /** A session that opened after {@code block}, the newest one included. */
  private Optional<Hash32> openedIn(long block, long newest) {
    Optional<BlockRange> rest = Optional.of(new BlockRange(block + 1, newest));
    for (int i = 0; i < MOST_QUERIES && rest.isPresent(); i++) {
      EventReader.Slice slice = contract.events().first(rest.get());
      Optional<SessionEvent> open =
          slice.events().stream().filter(event -> event.kind() == Kind.OPENED).findFirst();
      if (open.isPresent()) {
        return open.map(SessionEvent::sessionId);
      }
      rest = rest.get().after(slice.range().last());
    }
    return Optional.empty();
  }
}
