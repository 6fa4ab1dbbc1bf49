package org.mor.throughput.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;

/**
 * Which objects of the store anybody may read; rows and state are private, as they are at the CDN.
 */
final class PublishedKeys {
  static final ObjectKey SUMMARY = new ObjectKey("summary.json");
  private static final ObjectKey SUMMARY_PAGE = new ObjectKey("summary.html");
  private static final ObjectKey STUCK = new ObjectKey("stuck-sessions.json");

  /** These speak of the wall clock, and no summary names them. */
  private static final List<ObjectKey> OF_THE_RUNS =
      Stream.of("status.json", "badge.json", "badge.svg").map(ObjectKey::new).toList();

  private static final String ROLLUP = "rollup/";

  /** Where the documents lie in production; the same addresses work here. */
  private static final String PRODUCTION_PREFIX = "/api/throughput/";

  private static final String MONTH = "rollup/performance/\\d{4}-\\d{2}\\.[0-9a-f]{8}\\.json";

  private static final Pattern PUBLISHED =
      Pattern.compile(
          "summary\\.(json|html)|stuck-sessions\\.json|status\\.json|badge\\.(json|svg)|rollup/[a-z0-9-]{1,64}\\.json|"
              + MONTH);

  private PublishedKeys() {}

  /** The key a request's path means; nothing for all that is not published. */
  static Optional<ObjectKey> ofPath(String path) {
    String key =
        path.startsWith(PRODUCTION_PREFIX)
            ? path.substring(PRODUCTION_PREFIX.length())
            : path.replaceFirst("^/", "");
    return PUBLISHED.matcher(key).matches() ? Optional.of(new ObjectKey(key)) : Optional.empty();
  }

  /** Whether what is at the key never changes. */
  static boolean isImmutable(ObjectKey key) {
    return key.value().matches(MONTH);
  }

  /** The documents that can be there, the summary first. */
  static List<ObjectKey> all(ObjectStore store) {
    List<ObjectKey> keys = new ArrayList<>(List.of(SUMMARY, SUMMARY_PAGE, STUCK));
    store.list(ROLLUP).stream()
        .map(ObjectInfo::key)
        .filter(key -> PUBLISHED.matcher(key.value()).matches())
        .forEach(keys::add);
    keys.addAll(OF_THE_RUNS);
    return keys;
  }
}
