package org.mor.throughput.testing;

import java.math.BigInteger;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;

/** A small world for tests of the pipeline: a chain with some history, and what goes with it. */
public final class Worlds {
  public static final NetworkId NETWORK = new NetworkId("base", FakeChain.DIAMOND.address());

  /** The newest block of {@link #history}. */
  public static final long HEAD = 6_000;

  private Worlds() {}

  public static IndexSettings settings() {
    return new IndexSettings(
        "base",
        FakeChain.CHAIN_ID,
        FakeChain.DIAMOND,
        OptionalLong.of(1),
        Confirmation.BLOCKS,
        20,
        50,
        4_000,
        200);
  }

  public static Ledger ledger(ObjectStore store) {
    return ledger(store, UserPrivacy.plain());
  }

  public static Ledger ledger(ObjectStore store, UserPrivacy privacy) {
    return new Ledger(
        store, privacy, CommitRetry.none(), NETWORK, new Ledger.Run("run", () -> Instant.EPOCH));
  }

  /**
   * Sixty sessions over four days and two months: closed, early, late, disputed, stuck and claimed.
   */
  public static FakeChain history() {
    return fill(new FakeChain(HEAD));
  }

  /** Opens and closes the sixty sessions of {@link #history} on a chain. */
  public static <T extends FakeChain> T fill(T chain) {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      long open = 10 + 95L * i;
      FakeSession session =
          chain.open(random.nextInt(7), random.nextInt(4), random.nextInt(5), open, 3_600);
      switch (i % 6) {
        case 0 -> session.closed(open + 60, 30_000 + i, 700 + i, 100 + i, 200 + i);
        case 1 -> session.closed(open + 30, 45_000, 300, 1_000, 5_000);
        case 2 -> session.closed(open + 90, Bytes.fromHex("0x0102"), 0, BigInteger.ONE);
        case 3 ->
            session
                .closed(open + 20, Bytes.EMPTY, 1, BigInteger.ZERO)
                .claimed(open + 400, BigInteger.TEN);
        case 4 -> session.closed(open, 1_000, 1, 0, 0);
        default -> {}
      }
    }
    return chain;
  }
}
