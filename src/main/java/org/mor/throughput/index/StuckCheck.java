package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.OpenSessionStore;
import org.mor.throughput.archive.OpenSessionStore.OpenSessions;
import org.mor.throughput.archive.OpenSessionStore.Reading;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.CorruptObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the contract about sessions that opened and were never seen to close. With a memory, a run
 * asks about those that are new to it or have just ended, and about a share of the others, the
 * longest unasked first. A close that emits an event needs no question: its row takes the session
 * off the list.
 */
public final class StuckCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StuckCheck.class);

  /** Of the sessions that are known, a run asks about so many again; of fewer about all. */
  static final int AT_LEAST = 300;

  /** The scheduled runs of a day: no session waits longer to be asked about again. */
  static final int ROUND = 96;

  private final ContractReader contract;
  private final Optional<OpenSessionStore> memory;

  /** Asks about all of them. */
  public StuckCheck(ContractReader contract) {
    this(contract, Optional.empty());
  }

  StuckCheck(ContractReader contract, Optional<OpenSessionStore> memory) {
    this.contract = contract;
    this.memory = memory;
  }

  /**
   * The stuck sessions at {@code asOf}. They are read from {@code block} on, at or above asOf's: a
   * session that closed only after asOf's time was open then, so a later state answers as well and
   * needs no archive node. Only a session that closed in asOf's own second, which later blocks may
   * share, is read at asOf's block; where no endpoint has that state, it counts as open.
   */
  public StuckSessions run(List<OpenFacts> unclosed, AsOf asOf, long block) {
    List<Hash32> ids = StuckSessions.needsChainCheck(unclosed, asOf);
    Map<Hash32, Reading> sessions = readings(ids, asOf, block);
    Map<Hash32, Long> closedAt = new HashMap<>();
    List<OpenFacts> checked = new ArrayList<>();
    for (OpenFacts open : unclosed) {
      Reading session = sessions.get(open.sessionId());
      if (session != null) {
        closedAt.put(open.sessionId(), session.closedAt());
        checked.add(asOnChain(open, session));
      }
    }
    if (sessions.size() < ids.size()) {
      LOG.warn(
          "{} stored opens name sessions that the contract does not know at block {}; they are not counted as stuck. A fork that the chain has left, or nonsense in old rows: {}",
          ids.size() - sessions.size(),
          block,
          ids.stream().filter(id -> !sessions.containsKey(id)).limit(10).toList());
    }
    StuckSessions stuck = StuckSessions.of(checked, closedAt, asOf);
    if (!stuck.closedWithoutEvent().isEmpty()) {
      LOG.warn(
          "{} sessions are closed on chain but no SessionClosed event of them was seen, a gap or a contract that settles without the event; the first: {}",
          stuck.closedWithoutEvent().size(),
          stuck.closedWithoutEvent().stream().limit(10).toList());
    }
    return stuck;
  }

  /** What the contract says of each session that it knows, now or in an earlier run. */
  private Map<Hash32, Reading> readings(List<Hash32> ids, AsOf asOf, long block) {
    Optional<OpenSessionStore> store = memory.filter(any -> ids.size() > AT_LEAST);
    Map<Hash32, Reading> readings = new HashMap<>();
    store.ifPresent(used -> readings.putAll(remembered(used, ids, asOf)));
    List<Hash32> asked = ids.stream().filter(id -> !readings.containsKey(id)).toList();
    Map<Hash32, SessionState> states = contract.sessionsSince(asked, asOf.block(), block);
    Set<Hash32> stillOpen = openAtItsBlock(states, asOf, block);
    states.forEach(
        (id, state) -> {
          long closedAt = stillOpen.contains(id) ? 0 : state.closedAt();
          readings.put(id, new Reading(state.endsAt(), state.stake(), closedAt, asOf.block()));
        });
    try {
      store.ifPresent(
          used -> used.keep(new OpenSessions(asOf.generation(), asOf.time(), readings)));
    } catch (CorruptObjectException e) {
      LOG.warn("The contract is asked about all open sessions in every run: {}", e.getMessage());
    }
    return readings;
  }

  /** What earlier runs read of the sessions that need not be asked about now. */
  private static Map<Hash32, Reading> remembered(
      OpenSessionStore store, List<Hash32> ids, AsOf asOf) {
    Map<Hash32, Reading> known = new HashMap<>();
    Optional<OpenSessions> before;
    try {
      before = store.find().filter(kept -> kept.generation() == asOf.generation());
    } catch (CorruptObjectException e) {
      return known; // said when this run's readings cannot be kept
    }
    for (Hash32 id : ids) {
      before.map(kept -> kept.readings().get(id)).ifPresent(reading -> known.put(id, reading));
    }
    long time = before.map(OpenSessions::time).orElse(0L);
    known.values().removeIf(one -> one.endsAt() >= time && one.endsAt() < asOf.time());
    known.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<Hash32, Reading> one) -> one.getValue().block())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(Math.max(AT_LEAST, (known.size() + ROUND - 1) / ROUND))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(known::remove);
    return known;
  }

  /** Of the sessions that closed in asOf's second, those that were open at asOf's block. */
  private Set<Hash32> openAtItsBlock(Map<Hash32, SessionState> sessions, AsOf asOf, long block) {
    Set<Hash32> ids = new HashSet<>(sessions.keySet());
    ids.removeIf(id -> at(sessions, id).closedAt() != asOf.time());
    if (ids.isEmpty() || block <= asOf.block()) {
      return Set.of();
    }
    try {
      Map<Hash32, SessionState> then = contract.sessions().storedSessions(ids, asOf.block());
      ids.removeIf(id -> then.containsKey(id) && at(then, id).closedAt() != 0);
    } catch (StatePrunedException e) {
      LOG.info(
          "{} sessions closed in the second of block {}, in that block or a later one; they count as open until the next run: {}",
          ids.size(),
          asOf.block(),
          e.getMessage());
    }
    return ids;
  }

  private static SessionState at(Map<Hash32, SessionState> sessions, Hash32 id) {
    return Objects.requireNonNull(sessions.get(id));
  }

  /** Rows of the earlier indexer may lack the end and the stake. */
  private static OpenFacts asOnChain(OpenFacts open, Reading session) {
    return new OpenFacts(
        open.sessionId(),
        open.openedAt(),
        session.endsAt(),
        open.provider(),
        open.modelId(),
        session.stake(),
        open.block());
  }
}
