package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.stateproof.RefusedProofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What endpoints say of stored rows, each for itself and by block hash. One that does not answer
 * once is not asked again.
 */
final class Testimonies {
  /** So many must agree where there are as many. */
  private static final int ENOUGH = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Testimonies.class);

  /** What the contract's state says of a row. */
  enum Says {
    /** The session opened (closed) when the row says, by the row's bid. */
    THE_SAME,
    /** It opened (closed) at another time, or by another bid. */
    ANOTHER_TIME,
    /** It never opened (is not closed). */
    NOTHING;

    /**
     * @param state null where the contract does not know the session
     */
    static Says of(SessionRow row, @Nullable SessionState state) {
      long time = state == null ? 0 : row instanceof OpenRow ? state.openedAt() : state.closedAt();
      if (state == null || time == 0) {
        return NOTHING;
      }
      Hash32 bid =
          row instanceof SessionOpen open
              ? open.bidId()
              : row instanceof SessionClose close ? close.bidId() : state.bidId();
      return time == row.eventTime() && bid.equals(state.bidId()) ? THE_SAME : ANOTHER_TIME;
    }
  }

  /**
   * One endpoint's word on a row.
   *
   * @param event where the row's event stands: in the block that the row says, or where the receipt
   *     of its transaction says
   * @param inItsBlock whether that is the row's block
   * @param state not asked where the event is in its block
   * @param proven whether the state root of the block proves the state
   */
  record Testimony(
      Optional<SessionEvent> event, boolean inItsBlock, Optional<Says> state, boolean proven) {
    /** Whether the row's block lacks its event and the state says so too. */
    boolean says(Says expected) {
      return !inItsBlock
          && (event.isEmpty() || expected == Says.ANOTHER_TIME)
          && state.equals(Optional.of(expected));
    }
  }

  private final List<Witness> witnesses;
  private final Diamond diamond;
  private final StateProver prover;
  private final long stateBlock;
  private final Set<Witness> silent = new HashSet<>();
  private final Set<Witness> believed = new HashSet<>();
  private final Map<Witness, Map<Long, Optional<BlockHeader>>> headers = new HashMap<>();
  private final Map<Witness, Map<Hash32, List<SessionEvent>>> events = new HashMap<>();
  private final Set<Witness> anchored = new HashSet<>();
  private Optional<Hash32> stateHash = Optional.empty();
  private boolean provable = true;
  private Optional<Hash32> known = Optional.empty();

  /**
   * @param stateBlock at or above the block of every row that is asked about
   */
  Testimonies(ContractReader contract, long stateBlock) {
    this.witnesses = contract.chain().witnesses();
    this.diamond = contract.diamond();
    this.prover = new StateProver(contract.chain(), diamond);
    this.stateBlock = stateBlock;
  }

  /** An endpoint that does not know this session at the state block is not believed. */
  void knowing(Optional<Hash32> session) {
    known = session;
  }

  /** The words of the first two endpoints that answer. */
  List<Testimony> about(SessionRow row) {
    List<Testimony> said = new ArrayList<>();
    for (Witness witness : witnesses) {
      if (said.size() < ENOUGH && !silent.contains(witness)) {
        try {
          said.add(ask(witness, row));
        } catch (ChainException e) {
          LOG.warn("{} cannot say what became of rows: {}", witness.name(), e.getMessage());
          silent.add(witness);
        }
      }
    }
    return said;
  }

  /**
   * Whether so many endpoints have answered as must agree. One is enough whose word is proven, by a
   * block that as many have: the others contradicted the state root, or failed.
   */
  boolean areEnough(List<Testimony> said) {
    int enough = Math.min(ENOUGH, witnesses.size());
    boolean proven = said.stream().anyMatch(Testimony::proven) && anchored.size() >= enough;
    return !said.isEmpty() && (said.size() >= enough || proven);
  }

  private Testimony ask(Witness witness, SessionRow row) {
    Hash32 anchor = header(witness, stateBlock).hash();
    if (!stateHash.orElse(anchor).equals(anchor)) {
      throw new ChainContradictionException(
          "it has another block %d than the endpoint before it".formatted(stateBlock));
    }
    stateHash = Optional.of(anchor);
    anchored.add(witness);
    BlockHeader own = header(witness, row.position().block());
    Optional<SessionEvent> here = find(row, eventsIn(witness, own));
    if (here.isPresent()) {
      return new Testimony(here, true, Optional.empty(), false);
    }
    Optional<SessionEvent> elsewhere = inReceipt(witness, row);
    Says says = state(witness, row, anchor);
    Optional<Says> proven = proven(row, anchor);
    if (proven.isPresent() && proven.get() != says) {
      throw new ChainContradictionException(
          "at block %d it says of session %s: %s, but the block's state root proves: %s"
              .formatted(stateBlock, row.sessionId(), says, proven.get()));
    }
    return new Testimony(elsewhere, false, Optional.of(says), proven.isPresent());
  }

  /** What the state root says of a row; empty where no endpoint proves it. */
  private Optional<Says> proven(SessionRow row, Hash32 anchor) {
    if (!provable) {
      return Optional.empty();
    }
    try {
      return Optional.of(Says.of(row, prover.session(anchor, row.sessionId()).orElse(null)));
    } catch (ChainException | RefusedProofException e) {
      LOG.info("Rows are judged without proofs: {}", e.getMessage());
      provable = false;
      return Optional.empty();
    }
  }

  private BlockHeader header(Witness witness, long number) {
    return headers
        .computeIfAbsent(witness, any -> new HashMap<>())
        .computeIfAbsent(number, witness::header)
        .orElseThrow(() -> new ChainUnavailableException("it has no block %d".formatted(number)));
  }

  private List<SessionEvent> eventsIn(Witness witness, BlockHeader block) {
    return events
        .computeIfAbsent(witness, any -> new HashMap<>())
        .computeIfAbsent(
            block.hash(),
            hash ->
                witness
                    .logs(
                        new LogQuery(
                            diamond.address(),
                            SessionEvent.topics(),
                            new BlockRange(block.number(), block.number())),
                        hash)
                    .stream()
                    .map(log -> SessionEvent.decode(log, diamond.address()))
                    .toList());
  }

  /** The row's event in its transaction, which must stand in a block of the endpoint's chain. */
  private Optional<SessionEvent> inReceipt(Witness witness, SessionRow row) {
    Hash32 tx = row instanceof SessionOpen open ? open.txHash() : ((SessionClose) row).txHash();
    Optional<Witness.Receipt> receipt = witness.receipt(tx);
    if (receipt.isEmpty()) {
      return Optional.empty();
    }
    if (!header(witness, receipt.get().block()).hash().equals(receipt.get().blockHash())) {
      throw new ChainContradictionException(
          "its receipt of %s is of a block %d that it does not have"
              .formatted(tx, receipt.get().block()));
    }
    return find(
        row,
        receipt.get().logs().stream()
            .filter(this::isSessionEvent)
            .map(log -> SessionEvent.decode(log, diamond.address()))
            .toList());
  }

  private boolean isSessionEvent(RawLog log) {
    return log.address().equals(diamond.address())
        && !log.topics().isEmpty()
        && SessionEvent.topics().contains(log.topics().get(0));
  }

  private static Optional<SessionEvent> find(SessionRow row, List<SessionEvent> events) {
    return events.stream().filter(event -> EventReader.isOf(event, row)).findFirst();
  }

  private Says state(Witness witness, SessionRow row, Hash32 anchor) {
    boolean isNew = known.isPresent() && !believed.contains(witness);
    List<ContractCall> calls = new ArrayList<>();
    calls.add(diamond.session(row.sessionId()));
    if (isNew) {
      calls.add(diamond.session(known.get()));
    }
    List<CallResult> results = witness.calls(calls, anchor);
    if (isNew && decode(results.get(1), known.get()).isEmpty()) {
      throw new ChainContradictionException(
          "at block %d it does not know session %s, which is stored"
              .formatted(stateBlock, known.get()));
    }
    believed.add(witness);
    return Says.of(row, decode(results.get(0), row.sessionId()).orElse(null));
  }

  private static Optional<SessionState> decode(CallResult result, Hash32 session) {
    if (result instanceof CallResult.Returned returned && !returned.data().isEmpty()) {
      return SessionState.decode(returned.data(), session);
    }
    throw new ChainContradictionException("it has no answer to getSession(%s)".formatted(session));
  }
}
