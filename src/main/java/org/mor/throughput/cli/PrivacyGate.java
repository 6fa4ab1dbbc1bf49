package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserId;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.wiring.Graph;

/**
 * Looks at every published byte for what is private. It keeps the hex digits that are published,
 * which are few, and streams the rows past them. Ids of providers and models are published by
 * design, also where a provider opens sessions itself.
 */
final class PrivacyGate implements PartitionAudit.Listener {
  private static final Pattern HEX = Pattern.compile("(0x)?([0-9a-f]{32,})");

  /** The one hash of a block that a document may have, in summary.json. */
  private static final Pattern STATE_PROOF =
      Pattern.compile("\"stateproof\":\\{\"block\":\\d+,\"hash\":\"0x([0-9a-f]{64})\"");

  /** A transaction in a row of the earlier indexer. */
  private static final Pattern LEGACY =
      Pattern.compile("\"tx\\w*\"\\s*:\\s*\"(0x[0-9a-f]{64})\"", Pattern.CASE_INSENSITIVE);

  /** By hex digits, as long as a keyed user, an address or a hash: the first object with them. */
  private final Map<String, ObjectKey> published = new HashMap<>();

  /** Published with 0x before them. */
  private final Set<String> named = new TreeSet<>();

  private final Set<String> byDesign = new HashSet<>();
  private final Set<String> wallets = new TreeSet<>();
  private final Set<String> faults = new TreeSet<>();
  private long bytes;
  private long rows;

  static Verdict run(Graph graph) {
    return new PrivacyGate().look(graph);
  }

  private Verdict look(Graph graph) {
    List<ObjectKey> keys = published(graph.store());
    keys.forEach(key -> graph.store().find(key).ifPresent(found -> collect(key, found.body())));
    if (bytes == 0) {
      return Verdict.nothing("published objects", "rollup");
    }
    PartitionAudit audit = new PartitionAudit(graph.store());
    for (RowKind kind : RowKind.values()) {
      for (Month month : graph.ledger().rows().months(kind)) {
        audit.read(kind, month, this);
      }
    }
    allow(graph.config().network().diamond());
    // Names and tags of models are text from the chain: whoever writes 0x… there publishes it.
    StringBuilder names = new StringBuilder();
    graph.ledger().models().find().models().values().forEach(model -> names.append(model));
    String said = names.toString().toLowerCase(Locale.ROOT);
    named.stream()
        .filter(digits -> !byDesign.contains(digits) && !said.contains(digits))
        .forEach(digits -> fault("which no format allows,", digits));
    long before = wallets.size();
    wallets.removeAll(byDesign);
    wallets.forEach(wallet -> fault("a wallet,", wallet));
    named.retainAll(byDesign);
    return Verdict.of(
        "%,d published bytes against %,d stored rows; %d ids of providers and models are there by design, %d of them opened sessions themselves"
            .formatted(bytes, rows, named.size(), before - wallets.size()),
        List.copyOf(faults));
  }

  /** What `serve` and the CDN give away; a directory may hold more, which nobody is given. */
  private static List<ObjectKey> published(ObjectStore store) {
    return store instanceof FileObjectStore
        ? StoreServer.published(store)
        : store.keys("").stream().filter(k -> !k.value().matches("(raw|state)/.*")).toList();
  }

  private void collect(ObjectKey key, byte[] body) {
    bytes += body.length;
    String text = new String(body, ISO_8859_1).toLowerCase(Locale.ROOT);
    STATE_PROOF.matcher(text).results().forEach(found -> byDesign.add(found.group(1)));
    HEX.matcher(text)
        .results()
        .forEach(
            found -> {
              String digits = found.group(2);
              if (found.group(1) != null && digits.length() >= 40) {
                named.add(digits);
                published.putIfAbsent(digits, key);
              }
              for (int length : new int[] {2 * UserId.HASHED_SIZE, 40, 64}) {
                for (int at = 0; at + length <= digits.length(); at++) {
                  published.putIfAbsent(digits.substring(at, at + length), key);
                }
              }
            });
  }

  @Override
  public void row(SessionRow row) {
    rows++;
    secret("a session,", row.sessionId());
    if (row instanceof OpenRow open) {
      user(open.user());
      allow(open.provider(), open.modelId());
    } else if (row instanceof CloseRow close) {
      user(close.facts().user());
      allow(close.facts().provider(), close.facts().modelId());
    }
    if (row instanceof SessionOpen open) {
      secret("a transaction,", open.txHash());
    } else if (row instanceof SessionClose close) {
      secret("a transaction,", close.txHash());
    } else {
      // The text of the row of the earlier indexer is part of what it prints of itself.
      LEGACY.matcher(row.toString()).results().forEach(tx -> secret("a transaction,", tx.group(1)));
    }
  }

  @Override
  public void fault(RowFault fault) {
    // `verify` tells of rows that are out of order.
  }

  private static String digits(Object id) {
    return id.toString().toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
  }

  private void allow(@Nullable Object... ids) {
    for (Object id : ids) {
      if (id != null) {
        byDesign.add(digits(id));
      }
    }
  }

  /** A wallet may be a provider's too, which a later row tells. */
  private void user(@Nullable UserId user) {
    if (user != null && published.containsKey(digits(user.toHex()))) {
      wallets.add(digits(user.toHex()));
    }
  }

  private void secret(String what, Object id) {
    if (published.containsKey(digits(id))) {
      fault(what, digits(id));
    }
  }

  private void fault(String what, String digits) {
    // A log of CI is often public; so many digits find the place again.
    faults.add("%s has %s 0x%s…".formatted(published.get(digits), what, digits.substring(0, 8)));
  }
}
