package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.SessionClose;

/**
 * Reads some stored closes from the chain again, together where that works and else in ever smaller
 * parts, so that a row that cannot be read leaves the others alone. For one batch of rows.
 */
final class CloseReread {
  /** So many rows without an answer, and none read, is no longer about the rows. */
  private static final int FAILURES_OF_THE_CHAIN = 20;

  private final ContractReader contract;
  private final EventFinder finder;
  private final long block;
  private final int generation;
  private final RunBudget budget;
  private final List<SessionClose> doubted = new ArrayList<>();
  private EnrichedRows fresh = EnrichedRows.NONE;
  private final Map<Hash32, String> stayed = new LinkedHashMap<>();
  private final Set<Hash32> left = new HashSet<>();
  private int failed;

  /**
   * @param within the blocks that events are looked for in
   * @param block whose state is read
   * @param generation of the store before anything is read
   */
  CloseReread(
      ContractReader contract, BlockRange within, long block, int generation, RunBudget budget) {
    this.contract = contract;
    this.finder = new EventFinder(contract, within);
    this.block = block;
    this.generation = generation;
    this.budget = budget;
  }

  /** The rows as the chain has them, with their models. */
  EnrichedRows fresh() {
    return fresh;
  }

  /** Rows of today's schema whose session is not closed in the contract's state. */
  List<SessionClose> doubted() {
    return doubted;
  }

  /** Why each of the other rows stays as it is. */
  Map<Hash32, String> stayed() {
    return stayed;
  }

  /** Whether there was no time for some rows. */
  boolean isCutShort() {
    return !left.isEmpty();
  }

  /**
   * Reads the rows.
   *
   * @throws ChainException when the chain does not answer at all
   */
  void read(List<CloseRow> rows) {
    try {
      readTogether(rows);
    } catch (RuntimeException e) {
      requireChain(e);
      if (rows.size() == 1) {
        failed += e instanceof ChainUnavailableException ? 1 : 0;
        stays(rows.get(0), e);
        if (failed >= FAILURES_OF_THE_CHAIN && fresh.closes().isEmpty()) {
          throw e;
        }
        return;
      }
      int middle = rows.size() / 2;
      for (List<CloseRow> half :
          List.of(rows.subList(0, middle), rows.subList(middle, rows.size()))) {
        if (budget.allowsAnotherRange()) {
          read(half);
        } else {
          left.addAll(ids(half));
        }
      }
    }
  }

  /** A chain that does not even say its head is no fault of a row. */
  private void requireChain(RuntimeException e) {
    if (e instanceof WrongChainException) {
      throw e;
    }
    try {
      contract.chain().head(HeadTag.LATEST);
    } catch (ChainException gone) {
      e.addSuppressed(gone);
      throw e;
    }
  }

  private void stays(CloseRow row, RuntimeException e) {
    stayed.put(row.sessionId(), String.valueOf(e.getMessage()).replace("\n", "; "));
  }

  private void readTogether(List<CloseRow> rows) {
    Map<Hash32, SessionState> states = contract.sessionsSince(ids(rows), block, block);
    Map<Hash32, SessionEvent> events = new LinkedHashMap<>();
    Map<Hash32, String> staying = new HashMap<>();
    List<LegacyClose> legacy = new ArrayList<>();
    List<SessionClose> notClosed = new ArrayList<>();
    for (CloseRow row : rows) {
      SessionState state = states.get(row.sessionId());
      if (row instanceof SessionClose close && (state == null || state.closedAt() == 0)) {
        notClosed.add(close);
      }
      if (state == null) {
        staying.put(row.sessionId(), "the contract knows no such session at block " + block);
      } else if (state.closedAt() == 0) {
        staying.put(
            row.sessionId(), "the contract says at block %d that it is open".formatted(block));
      } else if (row instanceof SessionClose close) {
        events.put(row.sessionId(), event(close, state));
      } else if (row instanceof LegacyClose old) {
        legacy.add(old);
      }
    }
    find(legacy, events, staying);
    EnrichedRows read = contract.enricher().enrich(List.copyOf(events.values()), block, generation);
    fresh = fresh.plus(read);
    stayed.putAll(staying);
    doubted.addAll(notClosed);
  }

  /**
   * Rows of today's schema know their place; the others' events are looked up, in order of time.
   */
  private void find(
      List<LegacyClose> rows, Map<Hash32, SessionEvent> events, Map<Hash32, String> staying) {
    rows.sort(Comparator.comparingLong(CloseRow::closedAt));
    for (LegacyClose row : rows) {
      if (!stayed.containsKey(row.sessionId())) {
        look(row);
      }
    }
    for (LegacyClose row : rows) {
      // What came along with others' answers needs no look of its own.
      SessionEvent event = finder.found().get(row.sessionId());
      if (event != null) {
        events.put(row.sessionId(), event);
        left.remove(row.sessionId());
      } else if (!left.contains(row.sessionId())) {
        staying.putIfAbsent(
            row.sessionId(),
            stayed.getOrDefault(row.sessionId(), "no SessionClosed of it is where the row says"));
      }
    }
  }

  private void look(LegacyClose row) {
    if (finder.found().containsKey(row.sessionId())) {
      return;
    }
    if (!budget.allowsAnotherRange()) {
      left.add(row.sessionId());
      return;
    }
    try {
      finder.look(row);
    } catch (ChainException e) {
      requireChain(e);
      stays(row, e);
    }
  }

  /**
   * The event of a stored row; the user comes from the chain, because a row may hold a hash of it.
   */
  private static SessionEvent event(SessionClose row, SessionState state) {
    return new SessionEvent(
        Kind.CLOSED, row.sessionId(), state.user(), row.provider(), row.position(), row.txHash());
  }

  private static List<Hash32> ids(Collection<? extends CloseRow> rows) {
    return rows.stream().map(CloseRow::sessionId).toList();
  }

  /** Whether it takes a search by time to know the row's block. */
  static boolean isSearched(CloseRow row) {
    return row.position().block() <= 0;
  }

  /**
   * Finds the SessionClosed events of rows that do not say exactly where they stand, one row after
   * the other: a row may take some thirty questions to the chain, one at a time.
   */
  private static final class EventFinder {
    /** So many blocks behind a row are asked for with it, of which an answer gives what it may. */
    private static final long AHEAD = 2_000;

    private final EventReader events;
    private final BlockFinder blocks;
    private final BlockRange within;
    private final Map<Hash32, SessionEvent> found = new HashMap<>();
    private Optional<BlockRange> read = Optional.empty();

    EventFinder(ContractReader contract, BlockRange within) {
      this.events = contract.events();
      this.blocks = new BlockFinder(contract);
      this.within = within;
    }

    /** The close events that were met with, those of other sessions included. */
    Map<Hash32, SessionEvent> found() {
      return found;
    }

    /**
     * Looks for the row's close event where the row says, or at its close time. Rows in order of
     * time share answers.
     */
    void look(CloseRow row) {
      if (found.containsKey(row.sessionId())) {
        return;
      }
      long block = row.position().block();
      BlockRange place =
          !isSearched(row) && within.contains(block)
              ? new BlockRange(block, block)
              : blocks.at(row.closedAt(), within);
      boolean known =
          read.filter(range -> range.first() <= place.first() && range.last() >= place.last())
              .isPresent();
      if (!known) {
        read(place);
      }
    }

    private void read(BlockRange place) {
      long ahead = Math.min(place.last() + AHEAD, within.last());
      Optional<BlockRange> rest = Optional.of(new BlockRange(place.first(), ahead));
      long last = -1;
      while (rest.isPresent() && last < place.last()) {
        EventReader.Slice slice = events.first(rest.get());
        for (SessionEvent event : slice.events()) {
          if (event.kind() == Kind.CLOSED) {
            found.put(event.sessionId(), event);
          }
        }
        last = slice.range().last();
        rest = rest.get().after(last);
      }
      read = Optional.of(new BlockRange(place.first(), last));
    }
  }
}
