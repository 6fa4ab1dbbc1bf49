package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect.Why;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.index.Testimonies.Says;
import org.mor.throughput.index.Testimonies.Testimony;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.SessionRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about doubted rows. One is retracted only if all of this holds: no kept hash at or above
 * its block fits the chain, or it was read before a rewind below its block; its block's logs, asked
 * by hash, lack its event; no receipt has it; and the state at a hash at or above its block
 * contradicts it. Two endpoints must say so where there are two. A row whose event moved is read
 * again there. Any other row stays as it is. For one use.
 */
final class SuspectTrial {
  private static final Logger LOG = LoggerFactory.getLogger(SuspectTrial.class);

  private final ContractReader contract;
  private final Ledger ledger;
  private final Testimonies testimonies;
  private final int generation;
  private final long stateBlock;
  private final Map<RowKind, Map<Hash32, SessionRow>> fresh = new HashMap<>();
  private final Map<BlockHeader, Boolean> onChain = new HashMap<>();
  private final Map<Hash32, SessionState> states = new HashMap<>();
  private final List<EnrichedRows> found = new ArrayList<>();
  private final List<SessionRow> retracted = new ArrayList<>();
  private final List<Suspect> left = new ArrayList<>();
  private long confirmed;

  /**
   * @param fresh rows that were made of the blocks just read, which are stored by now
   * @param generation of the store before they were read
   * @param stateBlock whose state is read
   */
  SuspectTrial(
      ContractReader contract, Ledger ledger, EnrichedRows fresh, int generation, long stateBlock) {
    this.contract = contract;
    this.ledger = ledger;
    this.testimonies = new Testimonies(contract, stateBlock);
    this.generation = generation;
    this.stateBlock = stateBlock;
    for (RowKind kind : RowKind.values()) {
      this.fresh.put(kind, fresh.bySession(kind));
    }
  }

  /** Tries every row by itself: what cannot be asked about one of them leaves it suspect. */
  void run(List<SessionRow> doubted) {
    try {
      states.putAll(
          contract
              .sessions()
              .sessionsNow(
                  doubted.stream().map(SessionRow::sessionId).distinct().toList(), stateBlock));
    } catch (ChainException e) {
      LOG.warn("{} doubted rows could not be looked at: {}", doubted.size(), e.getMessage());
      doubted.forEach(row -> leave(row, Why.NO_EVENT));
      return;
    }
    boolean knowsOne = false;
    for (SessionRow row : doubted) {
      SessionState state = states.get(row.sessionId());
      if (Says.of(row, state) == Says.THE_SAME && !ledger.isOutdated(row)) {
        confirmed++;
        continue;
      }
      try {
        if (!knowsOne) {
          testimonies.knowing(knownSession(doubted));
          knowsOne = true;
        }
        decide(row, state);
      } catch (ChainException e) {
        LOG.warn("Session {} could not be looked at: {}", row.sessionId(), e.getMessage());
        leave(row, state);
      }
    }
  }

  /** Rows that were read again where their events stand now. */
  EnrichedRows readAgain() {
    return found.stream().reduce(EnrichedRows.NONE, EnrichedRows::plus);
  }

  List<SessionOpen> retractedOpens() {
    return retracted(SessionOpen.class);
  }

  List<SessionClose> retractedCloses() {
    return retracted(SessionClose.class);
  }

  private <R extends SessionRow> List<R> retracted(Class<R> kind) {
    return retracted.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Rows that stay suspect. */
  List<Suspect> left() {
    return List.copyOf(left);
  }

  SuspectReport report() {
    return new SuspectReport(confirmed, found.size(), retracted.size(), left.size(), left);
  }

  private void decide(SessionRow row, @Nullable SessionState state) {
    boolean mayGo =
        row.position().block() <= stateBlock
            && Reading.retraction(stateBlock, generation).compareTo(row.reading()) > 0
            && (ledger.isOutdated(row) || !isVouchedFor(row.position().block()));
    if (row.position().block() > stateBlock || (!mayGo && !ledger.isOutdated(row))) {
      leave(row, state);
      return;
    }
    List<Testimony> said = testimonies.about(row);
    Optional<SessionEvent> event = said.stream().flatMap(one -> one.event().stream()).findFirst();
    if (event.isPresent() && event.get().position().block() > stateBlock) {
      leave(row, Why.MOVED);
      return;
    }
    event.ifPresent(here -> found.add(readAgain(here)));
    Optional<SessionRow> successor =
        event.isPresent()
            ? found.get(found.size() - 1).rows().stream().findFirst()
            : successor(row, state);
    boolean sameMonth =
        successor.isPresent()
            && Month.of(successor.get().eventTime()).equals(Month.of(row.eventTime()));
    if (event.isPresent() && sameMonth) {
      return;
    }
    Says expected = successor.isPresent() ? Says.ANOTHER_TIME : Says.NOTHING;
    if (mayGo && testimonies.areEnough(said) && said.stream().allMatch(one -> one.says(expected))) {
      retracted.add(retraction(row));
    } else {
      leave(row, successor.isPresent() ? Why.SUPERSEDED : why(row, state));
    }
  }

  /** Whether a block that was kept, at or above this one, is on the chain still. */
  private boolean isVouchedFor(long block) {
    Optional<Cursor> cursor = ledger.position();
    return KnownBlocks.upTo(Long.MAX_VALUE, cursor, ledger.scanned(cursor))
        .fitFrom(block, header -> onChain.computeIfAbsent(header, this::mayBeOnChain));
  }

  /** A node that lacks the block may only lag behind. */
  private boolean mayBeOnChain(BlockHeader kept) {
    return contract
        .chain()
        .header(kept.number())
        .map(header -> header.hash().equals(kept.hash()))
        .orElse(true);
  }

  private SessionRow retraction(SessionRow row) {
    Reading reading = Reading.retraction(stateBlock, generation);
    return row instanceof SessionOpen open
        ? open.withReading(reading)
        : ((SessionClose) row).withReading(reading);
  }

  /** The row of one event; its time must be that of the block it is said to be in. */
  private EnrichedRows readAgain(SessionEvent event) {
    EnrichedRows rows = contract.enricher().enrich(List.of(event), stateBlock, generation);
    long time = contract.header(event.position().block()).timestamp();
    if (rows.rows().get(0).eventTime() != time) {
      throw new ChainContradictionException(
          "An event of session %s is said to be in block %d at %d (Unix seconds), but the contract's state dates it at %d."
              .formatted(
                  event.sessionId(),
                  event.position().block(),
                  time,
                  rows.rows().get(0).eventTime()));
    }
    return rows;
  }

  /** The stored row that says of the session what its state says, in another month. */
  private Optional<SessionRow> successor(SessionRow row, @Nullable SessionState state) {
    if (state == null || Says.of(row, state) != Says.ANOTHER_TIME) {
      return Optional.empty();
    }
    RowKind kind = RowKind.of(row);
    SessionRow made = fresh.getOrDefault(kind, Map.of()).get(row.sessionId());
    if (made != null && !made.equals(row)) {
      return Optional.of(made);
    }
    Month month = Month.of(kind == RowKind.OPENS ? state.openedAt() : state.closedAt());
    return month.equals(Month.of(row.eventTime()))
        ? Optional.empty()
        : Suspects.live(
                ledger,
                kind,
                month,
                other ->
                    other.sessionId().equals(row.sessionId())
                        && Says.of(other, state) == Says.THE_SAME)
            .stream()
            .findFirst();
  }

  /**
   * A session that every endpoint must know at the state block, so that one which knows none is not
   * believed: the first stored one that nobody doubts.
   */
  private Optional<Hash32> knownSession(List<SessionRow> doubted) {
    Set<Hash32> ids = doubted.stream().map(SessionRow::sessionId).collect(Collectors.toSet());
    for (Month month : ledger.rows().months(RowKind.OPENS)) {
      SessionRow[] known = new SessionRow[1];
      ledger
          .rows()
          .forEachOpen(
              month,
              row -> {
                if (known[0] == null
                    && row instanceof SessionOpen
                    && row.position().block() <= stateBlock
                    && !ledger.isOutdated(row)
                    && !ids.contains(row.sessionId())) {
                  known[0] = row;
                }
              });
      if (known[0] != null) {
        return Optional.of(known[0].sessionId());
      }
    }
    return Optional.empty();
  }

  private void leave(SessionRow row, @Nullable SessionState state) {
    boolean superseded =
        successor(row, state)
            .filter(other -> other.reading().compareTo(row.reading()) > 0)
            .isPresent();
    leave(row, superseded ? Why.SUPERSEDED : why(row, state));
  }

  private void leave(SessionRow row, Why why) {
    left.add(
        new Suspect(
            RowKind.of(row),
            Month.of(row.eventTime()),
            row.sessionId(),
            row.position().block(),
            why));
  }

  private static Why why(SessionRow row, @Nullable SessionState state) {
    return Says.of(row, state) == Says.THE_SAME ? Why.NO_EVENT : Why.OTHER_STATE;
  }
}
