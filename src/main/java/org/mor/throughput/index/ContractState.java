package org.mor.throughput.index;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.CallResult;
import org.mor.throughput.chain.ChainContradictionException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainUnavailableException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.BidState;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.ModelState;
import org.mor.throughput.contract.SessionState;

/**
 * Reads sessions, bids and models by id at one block. Bids never change, so each is read once; a
 * model is read again when what is known of it is more than a day of Base blocks old. What reads as
 * all zeros is missing: it is asked for again a few times and then fails, and is never taken for
 * data.
 */
final class ContractState {
  private static final int ATTEMPTS = 4;
  private static final String GAS_CAP =
      " A getter does not revert without a reason, so the endpoint's gas cap for eth_call (geth:"
          + " --rpc.gascap) is most likely too small for this one: raise it, or add an endpoint"
          + " with a larger one to BASE_RPC_URL.";
  private static final long MODEL_IS_FRESH_FOR_BLOCKS = 43_200;

  private record KnownModel(ModelState state, long block) {}

  private final ChainReader chain;
  private final Diamond diamond;
  private final Patience patience;
  private final Map<Hash32, BidState> bids = new HashMap<>();
  private final Map<Hash32, KnownModel> models = new HashMap<>();

  ContractState(ChainReader chain, Diamond diamond, Patience patience) {
    this.chain = chain;
    this.diamond = diamond;
    this.patience = patience;
  }

  /**
   * The sessions at {@code block}, all of which events on the chain name; those of {@code closed}
   * must read as closed there.
   */
  Map<Hash32, SessionState> sessions(Collection<Hash32> ids, Set<Hash32> closed, long block) {
    return read(
        "getSession",
        ids,
        block,
        diamond::session,
        (data, id) ->
            SessionState.decode(data, id)
                .filter(state -> state.closedAt() != 0 || !closed.contains(id)));
  }

  /**
   * The sessions at {@code block} that the chain knows. Stored rows can name others: those of a
   * fork that the chain has left, or nonsense in an old row.
   */
  Map<Hash32, SessionState> storedSessions(Collection<Hash32> ids, long block) {
    return readKnown("getSession", ids, block, diamond::session, SessionState::decode);
  }

  /** The same at {@code block} or at the lowest one above it whose state an endpoint still has. */
  Map<Hash32, SessionState> storedSessionsFrom(Collection<Hash32> ids, long block) {
    return StateReading.from(chain, block, at -> storedSessions(ids, at));
  }

  Map<Hash32, BidState> bids(Collection<Hash32> ids, long block) {
    Set<Hash32> unknown = new LinkedHashSet<>(ids);
    unknown.removeAll(bids.keySet());
    bids.putAll(read("getBid", unknown, block, diamond::bid, BidState::decode));
    return bids;
  }

  /** The models, as they were at {@code block} or up to a day before. */
  Map<Hash32, ModelState> models(Collection<Hash32> ids, long block) {
    Set<Hash32> stale = new LinkedHashSet<>(ids);
    stale.removeIf(id -> isFresh(id, block));
    read("getModel", stale, block, diamond::model, ModelState::decode)
        .forEach((id, state) -> models.put(id, new KnownModel(state, block)));
    Map<Hash32, ModelState> found = new HashMap<>();
    for (Hash32 id : ids) {
      KnownModel known = models.get(id);
      if (known != null) {
        found.put(id, known.state());
      }
    }
    return found;
  }

  /** The block that what is known of a model was read at. */
  long modelReadAt(Hash32 id) {
    KnownModel known = models.get(id);
    return known == null ? -1 : known.block();
  }

  private boolean isFresh(Hash32 id, long block) {
    return modelReadAt(id) >= 0 && modelReadAt(id) + MODEL_IS_FRESH_FOR_BLOCKS > block;
  }

  /** All of the ids, or a failure. */
  private <T> Map<Hash32, T> read(
      String function,
      Collection<Hash32> ids,
      long block,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode) {
    Map<Hash32, T> found = readKnown(function, ids, block, call, decode);
    List<Hash32> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
    if (!missing.isEmpty()) {
      throw lagging(function, missing, block);
    }
    return found;
  }

  /** Those of the ids that do not read as all zeros after some attempts. */
  private <T> Map<Hash32, T> readKnown(
      String function,
      Collection<Hash32> ids,
      long block,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode) {
    Map<Hash32, T> found = new LinkedHashMap<>();
    List<Hash32> missing = List.copyOf(new LinkedHashSet<>(ids));
    for (int attempt = 1; attempt <= ATTEMPTS && !missing.isEmpty(); attempt++) {
      if (attempt > 1) {
        patience.await(attempt - 1);
      }
      List<CallResult> results = chain.calls(missing.stream().map(call).toList(), block);
      for (int i = 0; i < results.size(); i++) {
        Hash32 id = missing.get(i);
        Bytes data = returned(results.get(i), function, id, block);
        decode.apply(data, id).ifPresent(state -> found.put(id, state));
      }
      missing = missing.stream().filter(id -> !found.containsKey(id)).toList();
    }
    return found;
  }

  private Bytes returned(CallResult result, String function, Hash32 id, long block) {
    if (result instanceof CallResult.Returned returned && !returned.data().isEmpty()) {
      return returned.data();
    }
    boolean bare = result instanceof CallResult.Reverted reverted && reverted.data().isEmpty();
    throw new ChainContradictionException(
        "%s(%s) at block %d %s although the contract's events name it.%s Check that %s is the diamond's address on this network and that the contract was not upgraded."
            .formatted(
                function,
                id,
                block,
                result instanceof CallResult.Reverted ? "reverted" : "returned nothing",
                bare ? GAS_CAP : "",
                diamond.address()));
  }

  private static ChainUnavailableException lagging(
      String function, List<Hash32> missing, long block) {
    return new ChainUnavailableException(
        "%s(%s) at block %d reads as not written yet after %d attempts (%d such ids): the node lags behind its own logs, or an endpoint gives events that never happened (the log names it where endpoints disagree). Nothing of the range was stored; run again, and if that does not help leave one endpoint out of BASE_RPC_URL."
            .formatted(function, missing.get(0), block, ATTEMPTS, missing.size()));
  }
}
