package org.mor.throughput.adapter.rpc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.mor.throughput.adapter.rpc.Member.Need;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.Sighting;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.chain.Witness.Receipt;

/** Questions that go to every endpoint, not to the first that answers. */
final class Survey {
  private final Failover failover;

  /** How far behind the newest block the lowest state was when it was looked for last. */
  private long depth = 127;

  Survey(Failover failover) {
    this.failover = failover;
  }

  /** What each endpoint says of a block, by host; one that lacks it is asked three times. */
  List<Sighting> sightings(long number) {
    List<Sighting> sightings = new ArrayList<>();
    for (Member member : failover.members()) {
      Optional<BlockHeader> header = Optional.empty();
      for (int i = 0; i < RetryBudget.LagTries.MOST && header.isEmpty() && member.isUsable(); i++) {
        header =
            failover
                .askOnce(member, Need.stateAt(number), reader -> reader.header(number))
                .flatMap(answer -> answer);
      }
      header.ifPresent(found -> sightings.add(new Sighting(member.reader().host(), found)));
    }
    return sightings;
  }

  /**
   * Whether some endpoint has the contract behind {@code getter} at {@code block}; no when none
   * says anything.
   *
   * @throws WrongChainException when the ones that answer do not have it
   */
  boolean hasContract(ContractCall getter, long block, long chainId) {
    List<String> without = new ArrayList<>();
    for (Member member : failover.members()) {
      Optional<Boolean> found =
          failover.askAside(member, reader -> reader.hasContract(getter, block));
      if (found.orElse(false)) {
        return true;
      }
      found.ifPresent(no -> without.add(member.name()));
    }
    if (without.isEmpty()) {
      return false;
    }
    throw new WrongChainException(
        "Reading the code of %s on chain %d: there is no contract in block %d, the newest one, says %s. Nothing was stored or published\nnext: check DIAMOND_ADDRESS and NETWORK; if both are right the endpoint is still syncing, so put another one first in BASE_RPC_URL"
            .formatted(getter.to(), chainId, block, String.join(", ", without)));
  }

  /**
   * The lowest block from {@code block} up to {@code newest} whose state some endpoint still has;
   * empty where there is none. Begins where the last search ended, since nodes keep the same number
   * of blocks.
   */
  OptionalLong lowestState(long block, long newest) {
    if (block > newest) {
      return OptionalLong.empty();
    }
    long low = block;
    long high = newest + 1;
    long guess = Math.max(low, newest - depth);
    if (hasState(guess)) {
      high = guess;
      low = guess > block && hasState(guess - 1) ? block : guess;
    } else {
      low = guess + 1;
    }
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (hasState(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (high > block && high <= newest) {
      depth = newest - high;
    }
    return high > newest ? OptionalLong.empty() : OptionalLong.of(high);
  }

  private boolean hasState(long block) {
    Function<EndpointReader, Boolean> question =
        reader -> reader.hasState(Multicall3.ADDRESS, block);
    return failover.ask(
        "Looking for the state of block " + block,
        Need.stateAt(block),
        reader ->
            question.apply(reader)
                || failover.members().stream()
                    .filter(member -> member.reader() != reader)
                    .anyMatch(member -> failover.askAside(member, question).orElse(false)));
  }

  /**
   * Every endpoint by itself.
   *
   * @param baton held while one is asked
   */
  List<Witness> witnesses(Baton baton) {
    return failover.members().stream()
        .<Witness>map(member -> new Alone(member, failover.alone(member), baton))
        .toList();
  }

  /** One endpoint, asked again as often as usual while it fails, and no other in its place. */
  private static final class Alone implements Witness {
    private final Member member;
    private final Failover alone;
    private final Baton baton;
    private final Map<Hash32, BlockHeader> given = new HashMap<>();

    Alone(Member member, Failover alone, Baton baton) {
      this.member = member;
      this.alone = alone;
      this.baton = baton;
    }

    @Override
    public String name() {
      return member.name();
    }

    @Override
    public Optional<BlockHeader> header(long number) {
      Optional<BlockHeader> header =
          ask("Reading the header of block " + number, number, one -> one.header(number));
      header.ifPresent(found -> given.put(found.hash(), found));
      return header;
    }

    @Override
    public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
      BlockHeader block = given.get(blockHash);
      if (block == null) {
        throw new ChainUnavailableException(
            "Reading the logs of block %s: its header was not asked for".formatted(blockHash));
      }
      return ask(
          "Reading the logs of block " + blockHash, block.number(), one -> one.logs(query, block));
    }

    @Override
    public Optional<Receipt> receipt(Hash32 txHash) {
      return ask("Reading the receipt of " + txHash, Long.MAX_VALUE, one -> one.receipt(txHash));
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
      return ask(
          "Making %d calls at block %s".formatted(calls.size(), blockHash),
          Long.MAX_VALUE,
          one -> one.calls(calls, blockHash));
    }

    @Override
    public Optional<Map<String, String>> headerFields(Hash32 blockHash) {
      return baton.hold(
          () -> alone.aside("Reading block " + blockHash, one -> one.headerFields(blockHash)));
    }

    @Override
    public StateProof proof(Address contract, List<Hash32> slots, BlockHeader block) {
      return baton.hold(
          () ->
              alone.aside(
                  "Reading the proofs of %d slots at block %d"
                      .formatted(slots.size(), block.number()),
                  one -> one.proof(contract, slots, block)));
    }

    private <T> T ask(String what, long block, Function<EndpointReader, T> operation) {
      return baton.hold(() -> alone.ask(what, Need.stateAt(block), operation));
    }
  }
}
