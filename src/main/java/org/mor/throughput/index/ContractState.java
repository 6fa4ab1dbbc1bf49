package org.mor.throughput.index;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.BidState;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.ModelState;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.ModelLabel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads sessions, bids and models by id at one block. Bids never change, so each is read once; a
 * model is read again when what is known of it is more than a day of Base blocks old. What reads as
 * all zeros is missing: it is asked for again a few times and then fails, and is never taken for
 * data.
 */
final class ContractState {
  private static final Logger LOG = LoggerFactory.getLogger(ContractState.class);

  private static final int ATTEMPTS = 4;
  private static final String GAS_CAP =
      " A getter does not revert without a reason, so the endpoint's gas cap for eth_call (geth: --rpc.gascap) is most likely too small for this one: raise it, or add an endpoint with a larger one to BASE_RPC_URL.";
  private static final long MODEL_IS_FRESH_FOR_BLOCKS = 43_200;

  private final ChainReader chain;
  private final Diamond diamond;
  private final Patience patience;
  private final Map<Hash32, BidState> bids = new HashMap<>();
  private final Map<Hash32, ModelInfo> models = new HashMap<>();

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
    return readKnown("getSession", ids, block, diamond::session, SessionState::decode, ATTEMPTS);
  }

  /** The same without patience for what reads as all zeros. */
  Map<Hash32, SessionState> sessionsNow(Collection<Hash32> ids, long block) {
    return readKnown("getSession", ids, block, diamond::session, SessionState::decode, 1);
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

  /**
   * The models, as they were at {@code block} or up to a day before. One that the contract does not
   * give is left out: its owner may have written more text than a node reads for one call, and a
   * name is not worth stopping for.
   */
  Map<Hash32, ModelInfo> models(Collection<Hash32> ids, long block) {
    Set<Hash32> stale = new LinkedHashSet<>(ids);
    stale.removeIf(id -> isFresh(id, block));
    Set<Hash32> unreadable = new LinkedHashSet<>();
    Map<Hash32, ModelState> read =
        readKnown(
            "getModel",
            stale,
            block,
            diamond::model,
            ModelState::decode,
            ATTEMPTS,
            (id, e) -> {
              unreadable.add(id);
              LOG.warn("A model goes without its name: {}", e.getMessage());
            });
    stale.removeAll(unreadable);
    requireAll("getModel", stale, read, block);
    read.forEach((id, state) -> models.put(id, info(id, state, block)));
    Map<Hash32, ModelInfo> found = new HashMap<>();
    for (Hash32 id : ids) {
      ModelInfo known = models.get(id);
      if (known != null) {
        found.put(id, known);
      }
    }
    return found;
  }

  /** What is kept of a model; its owner's own words may be any number of bytes. */
  private static ModelInfo info(Hash32 id, ModelState state, long block) {
    ModelLabel label = new ModelLabel(state.name(), state.tags());
    return new ModelInfo(id, label.name(), label.tags(), label.type(), block);
  }

  private boolean isFresh(Hash32 id, long block) {
    ModelInfo known = models.get(id);
    return known != null && known.readAtBlock() + MODEL_IS_FRESH_FOR_BLOCKS > block;
  }

  /** All of the ids, or a failure. */
  private <T> Map<Hash32, T> read(
      String function,
      Collection<Hash32> ids,
      long block,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode) {
    Map<Hash32, T> found = readKnown(function, ids, block, call, decode, ATTEMPTS);
    requireAll(function, ids, found, block);
    return found;
  }

  private static void requireAll(
      String function, Collection<Hash32> ids, Map<Hash32, ?> found, long block) {
    List<Hash32> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
    if (!missing.isEmpty()) {
      throw lagging(function, missing, block);
    }
  }

  /** Those of the ids that do not read as all zeros after some attempts. */
  private <T> Map<Hash32, T> readKnown(
      String function,
      Collection<Hash32> ids,
      long block,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode,
      int attempts) {
    return readKnown(
        function,
        ids,
        block,
        call,
        decode,
        attempts,
        (id, e) -> {
          throw e;
        });
  }

  /**
   * The same.
   *
   * @param refused hears of ids that the contract gives nothing for
   */
  private <T> Map<Hash32, T> readKnown(
      String function,
      Collection<Hash32> ids,
      long block,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode,
      int attempts,
      BiConsumer<Hash32, ChainContradictionException> refused) {
    Map<Hash32, T> found = new LinkedHashMap<>();
    Set<Hash32> given = new HashSet<>();
    List<Hash32> missing = List.copyOf(new LinkedHashSet<>(ids));
    for (int attempt = 1; attempt <= attempts && !missing.isEmpty(); attempt++) {
      if (attempt > 1) {
        patience.await(attempt - 1);
      }
      List<CallResult> results = chain.calls(missing.stream().map(call).toList(), block);
      for (int i = 0; i < results.size(); i++) {
        Hash32 id = missing.get(i);
        try {
          Bytes data = returned(results.get(i), function, id, block);
          decode.apply(data, id).ifPresent(state -> found.put(id, state));
        } catch (ChainContradictionException e) {
          refused.accept(id, e);
          given.add(id);
        }
      }
      missing =
          missing.stream().filter(id -> !found.containsKey(id) && !given.contains(id)).toList();
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
