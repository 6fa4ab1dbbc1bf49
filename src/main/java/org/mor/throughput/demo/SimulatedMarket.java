package org.mor.throughput.demo;

import java.util.List;
import java.util.Set;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.MarketState.DiamondCalls;
import org.mor.throughput.demo.MarketState.RevertedException;
import org.mor.throughput.demo.SessionPlan.Story;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

/**
 * A marketplace chain that never was: half a year of sessions by rules of the real contract, ending
 * at a head that only {@link #extend} moves. Safe for use by many threads.
 */
public final class SimulatedMarket {
  public static final long CHAIN_ID = 8453;
  public static final Address DIAMOND =
      Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a");
  public static final Address MULTICALL3 =
      Address.fromHex("0xcA11bde05977b3631167028862bE2a173976CA11");

  private static final long TPS_CLAMP = 500;
  private static final int SEVEN_FIELD_FROM_PERCENT = 35;

  /** The first sessions open an hour after the first block, when bids stand. */
  private static final long QUIET_BLOCKS = 1_800;

  private final long seed;
  private final long startBlock;
  private final long sevenFieldFrom;
  private final Catalogue catalogue;
  private final MarketBook book;
  private final MarketEngine engine;
  private final HistoryPlanner planner;
  private final MarketState state;
  private long head;

  private SimulatedMarket(MarketSettings settings) {
    seed = settings.seed();
    head = BlockClock.blockAt(settings.end().getEpochSecond());
    startBlock = BlockClock.blockFrom(settings.end().minus(settings.history()).getEpochSecond());
    long blocks = head - startBlock;
    sevenFieldFrom = BlockClock.timeOf(startBlock + blocks * SEVEN_FIELD_FROM_PERCENT / 100);
    catalogue = Catalogue.draw(seed, startBlock, blocks);
    book = new MarketBook(seed);
    engine = new MarketEngine(book);
    planner = new HistoryPlanner(seed, new SessionPlanner(catalogue, sevenFieldFrom));
    state = new MarketState(catalogue, book);
    engine.add(planner.history(settings.sessions(), startBlock + QUIET_BLOCKS, head));
    engine.runTo(head);
  }

  public static SimulatedMarket create(MarketSettings settings) {
    return new SimulatedMarket(settings);
  }

  /** The newest block. */
  public synchronized long head() {
    return head;
  }

  /** The block to scan from: nothing happened before it. */
  public long startBlock() {
    return startBlock;
  }

  /** Unix seconds (UTC) of a block. */
  public static long timeOf(long block) {
    return BlockClock.timeOf(block);
  }

  /**
   * The rules that suit this history: estimates where nodes still wrote five fields, and the busy
   * wallet as the gateway's.
   */
  public MetricRules rules() {
    return new MetricRules(
        TPS_CLAMP,
        timeOf(startBlock),
        sevenFieldFrom,
        Set.of(new UserId(Bytes.of(catalogue.gateway().toArray()))));
  }

  /**
   * Lets {@code blocks} more blocks appear, with {@code sessions} new opens among them and the
   * closes and claims that fall due; at least one session opens and closes, and one provider
   * claims.
   */
  public synchronized void extend(long blocks, int sessions) {
    if (blocks < 2 || sessions < 1) {
      throw new IllegalArgumentException(
          "A market grows by 2 blocks and a session at least, not %d and %d"
              .formatted(blocks, sessions));
    }
    long first = head + 1;
    head += blocks;
    engine.add(planner.more(sessions, first, head));
    for (int i = book.sessions().size() - 1; i >= 0; i--) {
      SimulatedSession session = book.sessions().get(i);
      if (session.plan().story() == Story.DISPUTED_EARLY
          && session.paid(first).compareTo(session.earned(first)) < 0
          && session.closedInBlock() < first) {
        engine.addClaim(session, first);
        break;
      }
    }
    engine.runTo(head);
  }

  /** What really happened, for comparison with what was indexed. */
  public synchronized Ledger ledger() {
    return Ledger.of(book.sessions());
  }

  /** The header of a block that exists. */
  BlockHeader header(long block) {
    return new BlockHeader(block, Ids.block(seed, block), timeOf(block));
  }

  Hash32 txHash(SimulatedLog log) {
    return Ids.transaction(seed, log.session().nonce(), log.close());
  }

  synchronized List<SimulatedLog> logs(long first, long last) {
    return book.logs(first, Math.min(last, head));
  }

  /** What a call of the diamond returns after {@code block}. */
  synchronized Bytes call(Bytes data, long block) throws RevertedException {
    return DiamondCalls.answer(state, data, block);
  }

  synchronized Hash32 storage(Hash32 slot, long block) {
    return state.storage(slot, block);
  }

  synchronized List<SimulatedSession> sessions() {
    return List.copyOf(book.sessions());
  }

  Catalogue catalogue() {
    return catalogue;
  }

  /** One SessionOpened or SessionClosed log. */
  record SimulatedLog(long block, int index, SimulatedSession session, boolean close) {}
}
