package org.mor.throughput.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoredObject;

/** Does to a store what a rewind does to the cursor, the coverage and the proof. */
public final class Rewound {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Rewound() {}

  /** Sets the state back to a block, and gives a ledger that knows of all rewinds. */
  public static Ledger ledger(ObjectStore store, List<Long> rewinds) {
    return ledger(store, Worlds.NETWORK, rewinds);
  }

  /** The same for another network. */
  public static Ledger ledger(ObjectStore store, NetworkId network, List<Long> rewinds) {
    long block = rewinds.get(rewinds.size() - 1);
    change(
        store,
        CursorStore.KEY,
        cursor -> {
          cursor.put("last_block", block).put("seq", cursor.get("seq").asLong() + 1);
          cursor.remove(List.of("last_block_hash", "last_block_time"));
          return cursor;
        });
    change(
        store,
        CoverageStore.KEY,
        coverage -> cut(coverage, block).put("generation", rewinds.size()));
    change(
        store,
        ProofStore.KEY,
        proof -> {
          proof.remove("proof");
          proof.putArray("months");
          return proof;
        });
    return knowing(store, network, rewinds);
  }

  /** A ledger that knows of rewinds, over a store as it is. */
  public static Ledger knowing(ObjectStore store, List<Long> rewinds) {
    return knowing(store, Worlds.NETWORK, rewinds);
  }

  private static Ledger knowing(ObjectStore store, NetworkId network, List<Long> rewinds) {
    change(store, CursorStore.KEY, cursor -> rewound(cursor, rewinds));
    return new Ledger(
        store,
        UserPrivacy.plain(),
        CommitRetry.none(),
        network,
        new Ledger.Run("run" + rewinds.size(), () -> Instant.EPOCH));
  }

  /** Rewinds that a later one went below say nothing any more. */
  private static ObjectNode rewound(ObjectNode cursor, List<Long> rewinds) {
    cursor.put("version", Cursor.VERSION).put("generation", rewinds.size());
    var all = cursor.putArray("rewinds");
    for (int i = 0; i < rewinds.size(); i++) {
      long to = rewinds.get(i);
      if (rewinds.subList(i + 1, rewinds.size()).stream().allMatch(later -> later > to)) {
        all.addArray().add(i + 1).add(to);
      }
    }
    return cursor;
  }

  private static ObjectNode cut(ObjectNode coverage, long block) {
    var kept = JSON.createArrayNode();
    for (JsonNode range : coverage.get("ranges")) {
      if (range.get(0).asLong() <= block) {
        kept.addArray().add(range.get(0).asLong()).add(Math.min(block, range.get(1).asLong()));
      }
    }
    coverage.set("ranges", kept);
    coverage.remove("kept");
    return coverage;
  }

  private static void change(ObjectStore store, ObjectKey key, UnaryOperator<ObjectNode> change) {
    Optional<StoredObject> stored = store.find(key);
    if (stored.isEmpty()) {
      return;
    }
    try {
      ObjectNode after = change.apply((ObjectNode) JSON.readTree(stored.get().body()));
      store.replace(
          key,
          after.toString().getBytes(UTF_8),
          stored.get().version(),
          ObjectAttributes.PRIVATE_JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
