package org.mor.throughput.simulation;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;

/** A chain of 160 blocks around a month's end with a dozen sessions, and the truth about them. */
final class World {
  static final long START = 2_801;
  static final long FIRST_HEAD = 2_830;

  /** How far the chain grows while things go wrong, and to where it grows in the end. */
  static final long STORMY_HEAD = 2_945;

  static final long LAST_HEAD = 2_965;
  static final int LAG = 5;
  private static final int SESSIONS = 12;

  /** What must be stored of a session once its blocks are scanned. */
  record Truth(long openBlock, long closeBlock) {}

  final FakeChain chain = new FakeChain(FIRST_HEAD);
  private final Map<Hash32, Truth> truth = new HashMap<>();
  private final List<FakeSession> sessions = new ArrayList<>();

  World(int variant) {
    Random random = new Random(variant);
    for (int i = 0; i < SESSIONS; i++) {
      long open = START + random.nextInt(140);
      long close = open + 1 + random.nextInt(60);
      FakeSession session =
          chain.open(random.nextInt(3), random.nextInt(2), random.nextInt(3), open, 1_800);
      boolean closes = close <= LAST_HEAD - LAG && i % 5 != 4;
      if (closes) {
        close(session, close, i);
      }
      truth.put(session.id(), new Truth(open, closes ? close : Long.MAX_VALUE));
      sessions.add(session);
    }
  }

  /**
   * The chain leaves its blocks above {@code fork}: closes vanish or come later, some in another
   * month, opens come two blocks earlier or not at all, and ids come back with another provider.
   */
  void reorganise(long seed, long fork) {
    Random random = new Random(seed);
    chain.forkedAbove(fork);
    for (int i = 0; i < sessions.size(); i++) {
      int fate = random.nextInt(4);
      long later = 1L + random.nextInt(40);
      FakeSession session = sessions.get(i);
      long open = session.openBlock();
      long close = session.closeBlock();
      if (open > fork && fate == 0) {
        chain.without(session);
        truth.remove(session.id());
        continue;
      }
      if (open > fork + 2 && fate == 1) {
        session.opened(open - 2);
      } else if (open > fork && fate == 2) {
        session = chain.inItsPlace(session, 2, open, 1_800);
        sessions.set(i, session);
        close = Math.min(close, LAST_HEAD);
      }
      if (close > fork && close != Long.MAX_VALUE) {
        boolean comes = fate > 1 && close + later <= LAST_HEAD - LAG;
        session.reopened();
        if (comes || fate == 1) {
          close(session, comes ? close + later : close, i);
        }
      }
      truth.put(session.id(), new Truth(session.openBlock(), session.closeBlock()));
    }
  }

  private static void close(FakeSession session, long close, int kind) {
    switch (kind % 4) {
      case 0 -> session.closed(close, 30_000 + kind, 700 + kind, 100 + kind, 200 + kind);
      case 1 -> session.closed(close, Bytes.fromHex("0x0102"), 0, BigInteger.ONE);
      case 2 ->
          session.closed(close, Bytes.EMPTY, 1, BigInteger.ZERO).claimed(close + 9, BigInteger.TEN);
      default -> session.closed(close, 45_000, 300, 1_000, 5_000);
    }
  }

  Map<Hash32, Truth> truth() {
    return Map.copyOf(truth);
  }

  /** The ids of sessions that opened, or closed, within the blocks. */
  List<Hash32> ids(long first, long last, boolean closes) {
    List<Hash32> ids = new ArrayList<>();
    truth.forEach(
        (id, session) -> {
          long block = closes ? session.closeBlock : session.openBlock;
          if (first <= block && block <= last) {
            ids.add(id);
          }
        });
    return ids;
  }

  static Instant timeOf(long block) {
    return Instant.ofEpochSecond(FakeChain.time(block));
  }

  /** The newest block at a time. */
  static long headAt(Instant time, long most) {
    long blocks = (time.getEpochSecond() - FakeChain.time(FIRST_HEAD)) / 60;
    return Math.min(most, FIRST_HEAD + Math.max(0, blocks));
  }
}
