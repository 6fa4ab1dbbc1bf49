package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.SessionId;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.stateproof.ProvenBlock;
import org.mor.throughput.stateproof.ProvenStorage;
import org.mor.throughput.stateproof.RefusedProofException;
import org.mor.throughput.stateproof.SessionSlots;
import org.mor.throughput.stateproof.SessionSlots.ProvenBid;
import org.mor.throughput.stateproof.SessionSlots.ProvenSession;

/** Compares rows with the proven state of one block, some hundred at a time. */
public final class ProvenRows {
  /** A field of a row that is not what the state says. */
  public record Finding(Month month, Hash32 session, FieldDifference field) {}

  private static final int AT_ONCE = 400;
  private static final int MOST_FINDINGS = 100;

  /** Without a bid's slots, so many nonces are tried for the session's id. */
  private static final long MOST_NONCES = 200_000;

  private final StateProver prover;
  private final ProvenBlock block;
  private final long count;
  private final long chainId;
  private final UserPrivacy privacy;
  private final List<SessionRow> waiting = new ArrayList<>();
  private final Map<Hash32, Optional<ProvenBid>> bids = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private long judged;
  private long proven;
  private long withoutPrice;
  private long withoutUser;
  private long withoutProvider;

  /**
   * @param count how many sessions the contract has opened by the block
   * @param privacy how users are written in rows
   */
  ProvenRows(StateProver prover, ProvenBlock block, long count, long chainId, UserPrivacy privacy) {
    this.prover = prover;
    this.block = block;
    this.count = count;
    this.chainId = chainId;
    this.privacy = privacy;
  }

  void add(SessionRow row) {
    waiting.add(row);
    if (waiting.size() == AT_ONCE) {
      flush();
    }
  }

  /** Proves what was added since the last time. */
  void flush() {
    ProvenStorage storage = prover.storage(block);
    Set<Hash32> slots = new LinkedHashSet<>();
    for (SessionRow row : waiting) {
      int bytes = row instanceof SessionClose close ? close.receipt().bytes() : 0;
      slots.addAll(SessionSlots.ofSession(row.sessionId(), bytes));
      bidOf(row)
          .filter(bid -> !bids.containsKey(bid))
          .ifPresent(bid -> slots.addAll(SessionSlots.ofBid(bid)));
    }
    prover.prove(storage, List.copyOf(slots));
    proveLongerReceipts(storage);
    for (SessionRow row : waiting) {
      List<FieldDifference> differences = judge(row, storage);
      judged++;
      proven += differences.isEmpty() ? 1 : 0;
      for (FieldDifference field : differences) {
        if (findings.size() < MOST_FINDINGS) {
          findings.add(new Finding(Month.of(row.eventTime()), row.sessionId(), field));
        }
      }
    }
    waiting.clear();
  }

  long judged() {
    return judged;
  }

  long proven() {
    return proven;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** What could not be proven of rows that agree otherwise, in words. */
  List<String> limits() {
    List<String> limits = new ArrayList<>();
    if (withoutUser > 0) {
      limits.add(
          "%,d rows with a hashed user: set USER_HASH_KEY to prove the user"
              .formatted(withoutUser));
    }
    if (withoutPrice > 0) {
      limits.add(
          "%,d rows: model and price are not proven, because the contract keeps bids in another layout"
              .formatted(withoutPrice));
    }
    if (withoutProvider > 0) {
      limits.add("%,d rows: the provider is not proven either".formatted(withoutProvider));
    }
    return limits;
  }

  private static Optional<Hash32> bidOf(SessionRow row) {
    return row instanceof SessionClose close
        ? Optional.of(close.bidId())
        : row instanceof SessionOpen open ? Optional.of(open.bidId()) : Optional.empty();
  }

  /** A session that the contract could not have written so differs, and stops no other row. */
  private List<FieldDifference> judge(SessionRow row, ProvenStorage storage) {
    try {
      return differences(row, storage);
    } catch (RefusedProofException e) {
      return List.of(
          new FieldDifference(
              "sessionId", row.sessionId().toHex(), String.valueOf(e.getMessage())));
    }
  }

  private List<FieldDifference> differences(SessionRow row, ProvenStorage storage) {
    Optional<ProvenSession> found = SessionSlots.session(row.sessionId(), storage);
    if (found.isEmpty()) {
      return List.of(new FieldDifference("sessionId", row.sessionId().toHex(), "not in the state"));
    }
    SessionState state = found.get().state();
    if (row instanceof SessionOpen open) {
      return FieldDifference.ofRows(
          open.withUser(privacy.stored(open.user())), expected(open, state, storage));
    }
    if (!(row instanceof SessionClose close)) {
      throw new IllegalArgumentException("A row of the earlier indexer says too little: " + row);
    }
    if (state.closedAt() < state.openedAt()) {
      return List.of(
          new FieldDifference(
              "closedAt", Long.toString(close.closedAt()), Long.toString(state.closedAt())));
    }
    return FieldDifference.ofRows(
        close.withUser(privacy.stored(close.user())), expected(close, found.get(), storage));
  }

  /** Receipts that are longer than the rows say need more slots. */
  private void proveLongerReceipts(ProvenStorage storage) {
    List<Hash32> slots = new ArrayList<>();
    for (SessionRow row : waiting) {
      int said = row instanceof SessionClose close ? close.receipt().bytes() : 0;
      try {
        long bytes = SessionSlots.receiptBytes(row.sessionId(), storage);
        if (bytes > said) {
          int most = (int) Math.min(bytes, Integer.MAX_VALUE);
          slots.addAll(SessionSlots.ofSession(row.sessionId(), most));
        }
      } catch (RefusedProofException e) {
        // The row is judged on its own, and says so there.
      }
    }
    if (!slots.isEmpty()) {
      prover.prove(storage, slots);
    }
  }

  private SessionOpen expected(SessionOpen row, SessionState state, ProvenStorage storage) {
    Optional<ProvenBid> bid = bid(row.bidId(), state, storage);
    return new SessionOpen(
        row.sessionId(),
        user(row.user(), state),
        bid.map(ProvenBid::provider).orElseGet(() -> provider(row, row.provider(), state)),
        state.bidId(),
        bid.map(ProvenBid::modelId).orElse(row.modelId()),
        state.openedAt(),
        state.endsAt(),
        state.stake(),
        state.directPayment(),
        row.position(),
        row.txHash(),
        row.reading());
  }

  private Optional<ProvenBid> bid(Hash32 id, SessionState state, ProvenStorage storage) {
    if (!state.bidId().equals(id)) {
      return Optional.empty();
    }
    Optional<ProvenBid> bid = bids.computeIfAbsent(id, any -> SessionSlots.bid(id, storage));
    withoutPrice += bid.isEmpty() ? 1 : 0;
    return bid;
  }

  private UserId user(UserId stored, SessionState state) {
    UserId user = privacy.stored(UserId.of(state.user()));
    boolean comparable = user.isHashed() == privacy.stored(stored).isHashed();
    withoutUser += comparable ? 0 : 1;
    return comparable ? user : stored;
  }

  /** The row as the state has it; fields that the state does not hold are the row's own. */
  private SessionClose expected(SessionClose row, ProvenSession found, ProvenStorage storage) {
    SessionState state = found.state();
    Optional<ProvenBid> bid = bid(row.bidId(), state, storage);
    Wei price = bid.map(ProvenBid::pricePerSecond).orElse(row.pricePerSecond());
    boolean isLater = row.readAtBlock() > block.number();
    boolean paidMayDiffer =
        isLater
            ? isBetween(state.paid(), row.paid(), price.times(row.durationSeconds()))
            : row.isUnsettled() && row.paid().compareTo(state.paid()) <= 0;
    return new SessionClose(
        row.sessionId(),
        user(row.user(), state),
        bid.map(ProvenBid::provider).orElseGet(() -> provider(row, row.provider(), state)),
        state.bidId(),
        bid.map(ProvenBid::modelId).orElse(row.modelId()),
        row.modelName(),
        state.openedAt(),
        state.endsAt(),
        state.closedAt(),
        state.stake(),
        price,
        paidMayDiffer ? row.paid() : state.paid(),
        state.closeoutType(),
        state.directPayment(),
        found.receipt(row.sessionId(), chainId),
        row.position(),
        row.txHash(),
        row.reading());
  }

  /** What is paid never shrinks, and ends where the provider has what it earned. */
  private static boolean isBetween(Wei known, Wei later, Wei earned) {
    return known.compareTo(later) <= 0 && later.compareTo(earned) <= 0;
  }

  /**
   * The row's provider, if the session's id is the hash of the proven user and bid and of it; else
   * no provider. Where there are too many nonces to try, the limits say so.
   */
  private Address provider(SessionRow row, Address stored, SessionState state) {
    if (!bidOf(row).equals(Optional.of(state.bidId()))) {
      return stored;
    }
    for (long nonce = 0; nonce < Math.min(count, MOST_NONCES); nonce++) {
      if (SessionId.of(state.user(), stored, state.bidId(), nonce).equals(row.sessionId())) {
        return stored;
      }
    }
    withoutProvider += count > MOST_NONCES ? 1 : 0;
    return count > MOST_NONCES ? stored : Address.of(new byte[Address.SIZE]);
  }
}
