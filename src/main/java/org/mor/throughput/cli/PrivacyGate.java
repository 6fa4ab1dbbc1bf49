package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.Gzip;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserId;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.wiring.Graph;

/**
 * Looks at every published byte for what is private. It keeps the hex digits that are published,
 * which are few, and streams the lines of the rows past them, whatever their schema. Ids of
 * providers and models are published by design, also where a provider opens sessions itself.
 */
final class PrivacyGate {
  private static final Pattern HEX = Pattern.compile("(0x)?([0-9a-f]{32,})");

  /** The one hash of a block that a document may have, in summary.json. */
  private static final Pattern STATE_PROOF =
      Pattern.compile("\"stateproof\":\\{\"block\":\\d+,\"hash\":\"0x([0-9a-f]{64})\"");

  /** A field of a stored row, in lower case; rows of the earlier indexer name a hash tx…. */
  private static final Pattern FIELD =
      Pattern.compile("\"(user|provider|modelid|sessionid|tx)\\w*\"\\s*:\\s*\"0x([0-9a-f]{32,64})");

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
    ObjectStore store = graph.store();
    published(store).forEach(key -> store.find(key).ifPresent(o -> collect(key, o.body())));
    if (bytes == 0) {
      return Verdict.nothing("published objects", "rollup");
    }
    for (RowKind kind : RowKind.values()) {
      for (Month month : graph.ledger().rows().months(kind)) {
        store.find(kind.key(month)).ifPresent(found -> rows(kind.key(month), found.body()));
      }
    }
    byDesign.add(graph.config().network().diamond().toHex().substring(2));
    // Names and tags of models are text from the chain: whoever writes 0x… there publishes it.
    String said =
        graph.ledger().models().find().models().values().toString().toLowerCase(Locale.ROOT);
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
    for (MatchResult found : HEX.matcher(text).results().toList()) {
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
    }
  }

  private void rows(ObjectKey key, byte[] body) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Gzip.decode(key, body), ISO_8859_1))) {
      for (String line; (line = lines.readLine()) != null; rows++) {
        FIELD.matcher(line.toLowerCase(Locale.ROOT)).results().forEach(this::field);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Reading %s".formatted(key), e);
    }
  }

  private void field(MatchResult field) {
    String digits = field.group(2);
    boolean isPublished = published.containsKey(digits);
    switch (field.group(1)) {
      case "provider", "modelid" -> byDesign.add(digits);
      case "user" -> {
        if (isPublished) { // A wallet may be a provider's too, which a later row tells.
          wallets.add(digits);
        }
      }
      default -> {
        if (isPublished) {
          fault(field.group(1).equals("tx") ? "a transaction," : "a session,", digits);
        }
      }
    }
  }

  private void fault(String what, String digits) {
    // A log of CI is often public; so many digits find the place again.
    faults.add("%s has %s 0x%s…".formatted(published.get(digits), what, digits.substring(0, 8)));
  }
}
