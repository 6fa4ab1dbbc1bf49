package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.BidState;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserId;

/**
 * Turns events into rows: reads their sessions, bids and models at one block and checks that all
 * agree.
 */
final class Enricher {
  private final ContractReader contract;

  Enricher(ContractReader contract) {
    this.contract = contract;
  }

  /**
   * The rows of the events, in their order.
   *
   * @param safe the safe head, at or above every event's block: its state is read, or that of the
   *     lowest block above it that an endpoint still has
   * @param generation how many rewinds the store had seen before the events were read
   */
  EnrichedRows enrich(List<SessionEvent> events, long safe, int generation) {
    return contract.atOrAbove(safe, block -> enrich(events, safe, block, generation));
  }

  private EnrichedRows enrich(List<SessionEvent> events, long safe, long block, int generation) {
    Set<Hash32> ids = new LinkedHashSet<>();
    Set<Hash32> closed = new LinkedHashSet<>();
    for (SessionEvent event : events) {
      ids.add(event.sessionId());
      if (event.kind() == Kind.CLOSED) {
        closed.add(event.sessionId());
      }
    }
    SessionReader state = contract.sessions();
    Map<Hash32, SessionState> sessions = state.sessions(ids, closed, block);
    Map<Hash32, BidState> bids =
        state.bids(sessions.values().stream().map(SessionState::bidId).toList(), block);
    Set<Hash32> modelIds =
        closed.stream()
            .map(id -> at(bids, at(sessions, id).bidId()).modelId())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<Hash32, ModelInfo> models = state.models(modelIds, block);

    List<SessionOpen> opens = new ArrayList<>();
    List<SessionClose> closes = new ArrayList<>();
    for (SessionEvent event : events) {
      Reading reading = Reading.at(block, generation);
      SessionState session = at(sessions, event.sessionId());
      BidState bid = at(bids, session.bidId());
      requireAgreement(event, session, bid);
      if (event.kind() == Kind.OPENED) {
        opens.add(open(event, session, bid, reading));
      } else {
        ModelInfo model = models.get(bid.modelId());
        closes.add(close(event, session, bid, model == null ? "" : model.name(), reading));
      }
    }
    boolean above = block > safe && !closes.isEmpty();
    return new EnrichedRows(
        opens,
        closes,
        List.copyOf(models.values()),
        above ? Optional.of(new BlockRange(safe + 1, block)) : Optional.empty());
  }

  private static SessionOpen open(
      SessionEvent event, SessionState session, BidState bid, Reading reading) {
    return new SessionOpen(
        event.sessionId(),
        UserId.of(event.user()),
        event.provider(),
        session.bidId(),
        bid.modelId(),
        session.openedAt(),
        session.endsAt(),
        session.stake(),
        session.directPayment(),
        event.position(),
        event.txHash(),
        reading);
  }

  private SessionClose close(
      SessionEvent event, SessionState session, BidState bid, String modelName, Reading reading) {
    return new SessionClose(
        event.sessionId(),
        UserId.of(event.user()),
        event.provider(),
        session.bidId(),
        bid.modelId(),
        modelName,
        session.openedAt(),
        session.endsAt(),
        session.closedAt(),
        session.stake(),
        bid.pricePerSecond(),
        session.paid(),
        session.closeoutType(),
        session.directPayment(),
        CloseoutReceipt.decode(session.receipt(), event.sessionId(), contract.settings().chainId()),
        event.position(),
        event.txHash(),
        reading);
  }

  private static void requireAgreement(SessionEvent event, SessionState session, BidState bid) {
    if (!event.user().equals(session.user()) || !event.provider().equals(bid.provider())) {
      throw new ChainContradictionException(
          "%s of session %s in block %d names user %s and provider %s, but the contract's state names %s and %s. Nothing of the range was stored; check the endpoint with another one."
              .formatted(
                  event.kind(),
                  event.sessionId(),
                  event.position().block(),
                  event.user(),
                  event.provider(),
                  session.user(),
                  bid.provider()));
    }
  }

  private static <T> T at(Map<Hash32, T> read, Hash32 id) {
    T value = read.get(id);
    if (value == null) {
      throw new IllegalStateException("Not read: " + id);
    }
    return value;
  }

  /**
   * The row that the chain gives for each stored one, in their order; nothing is stored. A row
   * whose block holds no such event is not in the map.
   *
   * @param block whose state is read; at or above every row's block
   */
  Map<SessionRow, SessionRow> again(Collection<? extends SessionRow> rows, long block) {
    SortedSet<Long> blocks = new TreeSet<>();
    rows.forEach(row -> blocks.add(row.position().block()));
    List<SessionEvent> inBlocks = new ArrayList<>();
    for (long at : blocks) {
      inBlocks.addAll(contract.events().first(new BlockRange(at, at)).events());
    }
    Map<SessionRow, SessionEvent> found = new LinkedHashMap<>();
    for (SessionRow row : rows) {
      inBlocks.stream()
          .filter(event -> EventReader.isOf(event, row))
          .findFirst()
          .ifPresent(event -> found.put(row, event));
    }
    List<SessionRow> fresh = enrich(List.copyOf(found.values()), block, 0).rows();
    Map<SessionRow, SessionRow> again = new LinkedHashMap<>();
    for (SessionRow row : found.keySet()) {
      fresh.stream()
          .filter(one -> one instanceof OpenRow == row instanceof OpenRow)
          .filter(one -> one.sessionId().equals(row.sessionId()))
          .findFirst()
          .ifPresent(one -> again.put(row, one));
    }
    return again;
  }
}
