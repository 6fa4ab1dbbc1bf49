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
import java.util.function.IntConsumer;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.BidState;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.ModelState;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.ModelLabel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads sessions, bids and models by id at one block. All steps of a run share one reader: it keeps
 * the sessions read last, every bid (bids never change), and each model for a day of Base blocks.
 * What reads as all zeros is missing: it is asked for again a few times and then fails, and is
 * never taken for data.
 */
final class SessionReader {
  private static final Logger LOG = LoggerFactory.getLogger(SessionReader.class);

  private static final int ATTEMPTS = 4;
  private static final String GAS_CAP =
      " A getter does not revert without a reason, so the endpoint's gas cap for eth_call (geth: --rpc.gascap) is most likely too small for this one: raise it, or add an endpoint with a larger one to BASE_RPC_URL.";
  private static final long MODEL_IS_FRESH_FOR_BLOCKS = 43_200;

  /** Sessions whose states are in memory at once. */
  private static final int AT_ONCE = 1_500;

  private static final int SESSIONS_KEPT = 10_000;

  /** A provider chooses the size of its receipt; a larger one is read again instead of kept. */
  private static final int MOST_RECEIPT_BYTES = 2_048;

  /** A getter of the contract by id. */
  private record Getter<T>(
      String name,
      Function<Hash32, ContractCall> call,
      BiFunction<Bytes, Hash32, Optional<T>> decode) {}

  /** A session as it was at a block. */
  private record Kept(SessionState state, long block) {}

  private final ChainReader chain;
  private final Diamond diamond;
  private final IntConsumer pause;
  private final Getter<SessionState> session;
  private final Map<Hash32, Kept> sessions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Kept> eldest) {
          return size() > SESSIONS_KEPT;
        }
      };
  private final Map<Hash32, BidState> bids = new HashMap<>();
  private final Map<Hash32, ModelInfo> models = new HashMap<>();

  /**
   * @param pause waits before the attempt after the given one (1, 2, ...)
   */
  SessionReader(ChainReader chain, Diamond diamond, IntConsumer pause) {
    this.chain = chain;
    this.diamond = diamond;
    this.pause = pause;
    this.session = new Getter<>("getSession", diamond::session, SessionState::decode);
  }

  /** Forgets what was read: the chain is another one now. */
  void forget() {
    sessions.clear();
    bids.clear();
    models.clear();
  }

  /**
   * The sessions at {@code block}, all of which events on the chain name; those of {@code closed}
   * must read as closed there.
   */
  Map<Hash32, SessionState> sessions(Collection<Hash32> ids, Set<Hash32> closed, long block) {
    Map<Hash32, SessionState> found = kept(ids, block, block);
    found
        .entrySet()
        .removeIf(one -> one.getValue().closedAt() == 0 && closed.contains(one.getKey()));
    Getter<SessionState> settled =
        new Getter<>(
            session.name,
            session.call,
            (data, id) ->
                SessionState.decode(data, id)
                    .filter(state -> state.closedAt() != 0 || !closed.contains(id)));
    found.putAll(keep(read(settled, without(ids, found), block), block));
    return found;
  }

  /**
   * The sessions at {@code block} that the chain knows. Stored rows may name others: sessions of an
   * orphaned fork, or nonsense in an old row.
   */
  Map<Hash32, SessionState> storedSessions(Collection<Hash32> ids, long block) {
    return storedSessions(ids, block, block);
  }

  /** The same, but what this run has read at a block from {@code since} on serves as well. */
  Map<Hash32, SessionState> storedSessions(Collection<Hash32> ids, long since, long block) {
    Map<Hash32, SessionState> found = kept(ids, since, block);
    found.putAll(keep(readKnown(session, without(ids, found), block, ATTEMPTS), block));
    return found;
  }

  /** The same, given away some at a time, for more sessions than fit into memory. */
  void forEachStored(List<Hash32> ids, long block, BiConsumer<Hash32, SessionState> to) {
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      storedSessions(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)), block).forEach(to);
    }
  }

  /**
   * The same, asked now and only once, whatever was read before and whatever reads as all zeros.
   */
  Map<Hash32, SessionState> sessionsNow(List<Hash32> ids, long block) {
    Map<Hash32, SessionState> found = new HashMap<>();
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      found.putAll(
          readKnown(session, ids.subList(from, Math.min(ids.size(), from + AT_ONCE)), block, 1));
    }
    return found;
  }

  private Map<Hash32, SessionState> kept(Collection<Hash32> ids, long since, long until) {
    Map<Hash32, SessionState> found = new LinkedHashMap<>();
    for (Hash32 id : ids) {
      Kept known = sessions.get(id);
      if (known != null && known.block >= since && known.block <= until) {
        found.put(id, known.state);
      }
    }
    return found;
  }

  private Map<Hash32, SessionState> keep(Map<Hash32, SessionState> read, long block) {
    read.forEach(
        (id, state) -> {
          if (state.receipt().size() <= MOST_RECEIPT_BYTES) {
            sessions.put(id, new Kept(state, block));
          }
        });
    return read;
  }

  private static List<Hash32> without(Collection<Hash32> ids, Map<Hash32, ?> found) {
    return ids.stream().filter(id -> !found.containsKey(id)).toList();
  }

  /** The bids, and others that were read before. */
  Map<Hash32, BidState> bids(Collection<Hash32> ids, long block) {
    Getter<BidState> bid = new Getter<>("getBid", diamond::bid, BidState::decode);
    bids.putAll(read(bid, without(ids, bids), block));
    return bids;
  }

  /**
   * The models, as they were at {@code block} or up to a day before. One that the contract does not
   * give is left out: its owner may have written more text than a node reads for one call, and a
   * name is not worth stopping for.
   */
  Map<Hash32, ModelInfo> models(Collection<Hash32> ids, long block) {
    Getter<ModelState> model = new Getter<>("getModel", diamond::model, ModelState::decode);
    Set<Hash32> stale = new LinkedHashSet<>(ids);
    stale.removeIf(id -> isFresh(id, block));
    Set<Hash32> unreadable = new HashSet<>();
    Map<Hash32, ModelState> read =
        readKnown(
            model,
            stale,
            block,
            ATTEMPTS,
            (id, e) -> {
              unreadable.add(id);
              LOG.warn("A model goes without its name: {}", e.getMessage());
            });
    stale.removeAll(unreadable);
    requireAll(model, stale, read, block);
    read.forEach((id, state) -> models.put(id, info(id, state, block)));
    Map<Hash32, ModelInfo> found = new HashMap<>(models);
    found.keySet().retainAll(new HashSet<>(ids));
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

  /** Returns all of the ids or throws. */
  private <T> Map<Hash32, T> read(Getter<T> getter, Collection<Hash32> ids, long block) {
    Map<Hash32, T> found = readKnown(getter, ids, block, ATTEMPTS);
    requireAll(getter, ids, found, block);
    return found;
  }

  private static void requireAll(
      Getter<?> getter, Collection<Hash32> ids, Map<Hash32, ?> found, long block) {
    List<Hash32> missing = without(ids, found);
    if (!missing.isEmpty()) {
      throw new ChainUnavailableException(
          "%s(%s) at block %d reads as not written yet after %d attempts (%d such ids): the node lags behind its own logs, or an endpoint gives events that never happened (the log names it where endpoints disagree). Nothing of the range was stored; run again, and if that does not help leave one endpoint out of BASE_RPC_URL."
              .formatted(getter.name, missing.get(0), block, ATTEMPTS, missing.size()));
    }
  }

  private <T> Map<Hash32, T> readKnown(
      Getter<T> getter, Collection<Hash32> ids, long block, int attempts) {
    return readKnown(
        getter,
        ids,
        block,
        attempts,
        (id, e) -> {
          throw e;
        });
  }

  /**
   * Retries, then returns the ids whose answer is not all zeros.
   *
   * @param refused hears of ids that the contract gives nothing for
   */
  private <T> Map<Hash32, T> readKnown(
      Getter<T> getter,
      Collection<Hash32> ids,
      long block,
      int attempts,
      BiConsumer<Hash32, ChainContradictionException> refused) {
    Map<Hash32, T> found = new LinkedHashMap<>();
    Set<Hash32> given = new HashSet<>();
    List<Hash32> missing = ids.stream().distinct().toList();
    for (int attempt = 1; attempt <= attempts && !missing.isEmpty(); attempt++) {
      if (attempt > 1) {
        pause.accept(attempt - 1);
      }
      List<CallResult> results = chain.calls(missing.stream().map(getter.call).toList(), block);
      for (int i = 0; i < results.size(); i++) {
        Hash32 id = missing.get(i);
        try {
          Bytes data = returned(results.get(i), getter.name, id, block);
          getter.decode.apply(data, id).ifPresent(state -> found.put(id, state));
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
}
