package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the contract about every session that opened and was never seen to close. */
public final class StuckCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StuckCheck.class);

  private final ContractState state;

  public StuckCheck(ChainReader chain, Diamond diamond, Patience patience) {
    this.state = new ContractState(chain, diamond, patience);
  }

  /**
   * The stuck sessions at {@code asOf}. They are read from {@code block} on, at or above asOf's: a
   * session that closed only after asOf's time was open then, so a later state answers as well and
   * needs no archive node. Only a session that closed in asOf's own second, which later blocks may
   * share, is read at asOf's block; where no endpoint has that state, it counts as open.
   */
  public StuckSessions run(List<OpenFacts> unclosed, AsOf asOf, long block) {
    List<Hash32> ids = StuckSessions.needsChainCheck(unclosed, asOf);
    Map<Hash32, SessionState> sessions = state.storedSessionsFrom(ids, block);
    Set<Hash32> stillOpen = openAtItsBlock(sessions, asOf, block);
    Map<Hash32, Long> closedAt = new HashMap<>();
    List<OpenFacts> checked = new ArrayList<>();
    for (OpenFacts open : unclosed) {
      SessionState session = sessions.get(open.sessionId());
      if (session != null) {
        closedAt.put(
            open.sessionId(), stillOpen.contains(open.sessionId()) ? 0 : session.closedAt());
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

  /** Of the sessions that closed in asOf's second, those that were open at asOf's block. */
  private Set<Hash32> openAtItsBlock(Map<Hash32, SessionState> sessions, AsOf asOf, long block) {
    Set<Hash32> ids = new HashSet<>(sessions.keySet());
    ids.removeIf(id -> at(sessions, id).closedAt() != asOf.time());
    if (ids.isEmpty() || block <= asOf.block()) {
      return Set.of();
    }
    try {
      Map<Hash32, SessionState> then = state.storedSessions(ids, asOf.block());
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
  private static OpenFacts asOnChain(OpenFacts open, SessionState session) {
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
