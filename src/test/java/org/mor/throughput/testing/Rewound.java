package org.mor.throughput.testing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Rewind;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;

/** Takes a store back to a block, as an operator without an endpoint does. */
public final class Rewound {
  private Rewound() {}

  /** A ledger over a store that went back to each of these blocks, one after the other. */
  public static Ledger ledger(ObjectStore store, List<Long> rewinds) {
    return ledger(store, Worlds.NETWORK, rewinds);
  }

  /** The same for another network. Rewinds that the store knows of are not repeated. */
  public static Ledger ledger(ObjectStore store, NetworkId network, List<Long> rewinds) {
    int known = knowing(store, network, 0).position().map(Cursor::generation).orElse(0);
    for (int i = known; i < rewinds.size(); i++) {
      Rewind rewind =
          new Rewind(Optional.empty(), Worlds.settings(), knowing(store, network, i + 1));
      rewind.run(rewinds.get(i), false);
    }
    return knowing(store, network, rewinds.size());
  }

  private static Ledger knowing(ObjectStore store, NetworkId network, int run) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        CommitRetry.none(),
        network,
        new Ledger.Run("run" + run, () -> Instant.EPOCH));
  }
}
