package org.mor.throughput.index;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.MarketEvent;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.SessionRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one deployment of the contract: its events and its state. Made once a run and shared by all
 * of its steps, so that a session, a bid or a model is asked for once.
 */
public final class ContractReader {
  private static final Logger LOG = LoggerFactory.getLogger(ContractReader.class);

  /** Nodes drop one state more with each block, so a later try leaves twice the room. */
  private static final int MOVES = 5;

  private static final long FIRST_ROOM = 16;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final EventReader events;
  private final EventReader allEvents;
  private final SessionReader sessions;
  private final Enricher enricher;
  private LogPosition warnedAt = new LogPosition(0, 0);

  /**
   * @param pause waits before something is asked again, after the given number of attempts (1, 2,
   *     ...)
   */
  public ContractReader(ChainReader chain, IndexSettings settings, IntConsumer pause) {
    this.chain = chain;
    this.settings = settings;
    this.events = new EventReader(chain, settings.diamond());
    this.allEvents = new EventReader(chain, settings.diamond(), MarketEvent.topics());
    this.sessions = new SessionReader(chain, settings.diamond(), pause);
    this.enricher = new Enricher(this);
  }

  ChainReader chain() {
    return chain;
  }

  IndexSettings settings() {
    return settings;
  }

  Diamond diamond() {
    return settings.diamond();
  }

  EventReader events() {
    return events;
  }

  SessionReader sessions() {
    return sessions;
  }

  Enricher enricher() {
    return enricher;
  }

  /**
   * The row that the chain gives for each stored one, in their order; nothing is stored. A row
   * whose block holds no such event is not in the map.
   *
   * @param block whose state is read; at or above every row's block
   */
  public Map<SessionRow, SessionRow> readAgain(Collection<SessionRow> rows, long block) {
    return enricher.again(rows, block);
  }

  /**
   * Rows of blocks that nothing is stored of yet, as {@link RangeIndexer} would store them.
   *
   * @param range a leading part of what was asked for
   * @param end the header of the range's last block
   * @param rows opens and closes in the order of their events
   * @param others bids, models and providers, in order
   */
  public record Fresh(
      BlockRange range, BlockHeader end, List<SessionRow> rows, List<MarketEvent> others) {
    public Fresh {
      rows = List.copyOf(rows);
      others = List.copyOf(others);
    }
  }

  /**
   * Reads the rows of the first blocks of {@code range}, and the market's other events with the
   * same question; nothing is stored.
   *
   * @param below the block before the range, as it was read last
   * @param head a block at or above the range, whose state is read
   * @throws org.mor.throughput.chain.ChainException.ChainReorganisedException when the chain has
   *     another block there by now
   */
  public Fresh fresh(BlockRange range, BlockHeader below, long head) {
    EventReader.Slice slice;
    try (EventReader.Scan scan = allEvents.scan(range, EventReader.Footing.on(below, range))) {
      slice = scan.next();
    }
    EnrichedRows rows = enricher.enrich(slice.events(), head, 0);
    rows.requireTimes(below.timestamp(), slice.end());
    return new Fresh(
        slice.range(),
        slice.end(),
        rows.rows().stream().sorted(Comparator.comparing(SessionRow::position)).toList(),
        slice.others().stream().flatMap(log -> market(log).stream()).toList());
  }

  /** One bad log stops nothing. Blocks are read again as they settle: it is told of once. */
  private Optional<MarketEvent> market(RawLog log) {
    Optional<MarketEvent> event = MarketEvent.decode(log);
    if (event.isEmpty() && log.position().compareTo(warnedAt) > 0) {
      warnedAt = log.position();
      LOG.warn(
          "The log at block {} index {} begins as one of bids, models or providers and is none ({} topics, {} bytes of data): left out",
          log.position().block(),
          log.position().logIndex(),
          log.topics().size(),
          log.data().size());
    }
    return event;
  }

  /** Forgets the sessions, bids and models that were read: the chain is another one now. */
  public void forget() {
    sessions.forget();
    warnedAt = new LogPosition(0, 0);
  }

  /** How far the chain is now. */
  public Heads heads() {
    return Heads.read(chain, settings);
  }

  /** When a block was, in Unix seconds; empty when the node has no such block. */
  public OptionalLong timeOf(long block) {
    return chain.header(block).stream().mapToLong(BlockHeader::timestamp).findFirst();
  }

  /** The header of a block that is known to exist. */
  BlockHeader header(long number) {
    return chain
        .header(number)
        .orElseThrow(
            () ->
                new ChainUnavailableException(
                    "The node has no block %d although the safe head is beyond it: it lags behind. Run again, or use another endpoint."
                        .formatted(number)));
  }

  /**
   * The sessions that the chain knows, as of {@code since} or later: as this run has read them,
   * else at {@code block} or at the lowest one above it whose state an endpoint still has.
   */
  Map<Hash32, SessionState> sessionsSince(Collection<Hash32> ids, long since, long block) {
    return atOrAbove(block, at -> sessions.storedSessions(ids, since, at));
  }

  /**
   * What {@code read} makes of the state of {@code block}, the safe head. Where every endpoint has
   * dropped that state, of the lowest block above it that one still has: most nodes keep the state
   * of 128 blocks.
   *
   * @throws StatePrunedException when no endpoint has the state of any of them
   */
  <T> T atOrAbove(long block, LongFunction<T> read) {
    long at = block;
    for (int move = 0; ; move++) {
      try {
        return read.apply(at);
      } catch (StatePrunedException e) {
        long above = move == 0 ? block + 1 : at + (FIRST_ROOM << (move - 1));
        OptionalLong next = move == MOVES ? OptionalLong.empty() : chain.lowestState(above);
        if (next.isEmpty()) {
          throw new StatePrunedException(
              "Reading sessions: no endpoint has the state of block %d, the safe head, or of any block above it for long enough; the last answer: %s\nnext: lower SAFETY_LAG_BLOCKS (most nodes keep the state of 128 blocks), set CONFIRMATION=blocks, or add an endpoint that keeps more state to BASE_RPC_URL"
                  .formatted(block, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
              e);
        }
        at = next.getAsLong();
        LOG.info(
            "No endpoint has the state of block {}, the safe head: block {} is read", block, at);
      }
    }
  }
}
