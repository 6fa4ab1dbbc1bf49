package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** What a run asks of the store: requests to S3 are most of what the function itself costs. */
class RunRequestsTest {
  private static final Pattern STATED =
      Pattern.compile("(\\d+) GET,\\s(\\d+) PUT\\sand\\s(\\d+) LIST");

  private static final List<String> KINDS = List.of("GET", "PUT", "LIST");

  private static final long YEAR = 365 * 1_440L;
  private static final long QUARTER_OF_AN_HOUR = 15;

  @Test
  void aRunAfterAYearMakesNoMoreRequestsThanTheCostsRestOn() throws IOException {
    String costs = Files.readString(Path.of("docs/operations.md"));
    MatchResult stated = STATED.matcher(costs).results().findFirst().orElseThrow();
    FakeChain chain = new FakeChain(YEAR);
    for (long block = 100; block + QUARTER_OF_AN_HOUR < YEAR; block += 5_760) {
      chain.open(1, 1, 1, block, 3_600).closed(block + 60, 30_000, 700, 100, 200);
    }
    Counted store = new Counted(new MemoryObjectStore());
    Ledger ledger = Worlds.ledger(store);
    Backfill backfill = new Backfill(chain, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
    run(chain, store); // leaves the partials of finished months
    store.counts.clear();
    chain.open(1, 1, 1, YEAR + 1, 3_600).closed(YEAR + 2, 30_000, 700, 100, 200);

    assertThat(run(chain.head(YEAR + 20 + QUARTER_OF_AN_HOUR), store).rollup().orElseThrow())
        .satisfies(rollup -> assertThat(rollup.published().contentChanged()).isTrue());

    assertThat(store.counts)
        .as("reckon What it costs in docs/operations.md anew where a run makes more")
        .hasSize(3)
        .allSatisfy(
            (request, count) ->
                assertThat(count)
                    .isBetween(1, Integer.parseInt(stated.group(1 + KINDS.indexOf(request)))));
  }

  private static ScheduledReport run(FakeChain chain, ObjectStore store) {
    Ledger ledger = Worlds.ledger(store);
    MetricRules rules = new MetricRules(500, 0, 0, Set.of());
    RollupRun rollup =
        new RollupRun(Worlds.settings(), ledger, rules, new Publisher(store, attempt -> {}), 1);
    ScheduledReport report =
        new ScheduledRun(chain, Worlds.settings(), ledger, rollup, Patience.none())
            .run(
                ScheduledRun.Publishing.ALWAYS,
                RunBudget.unlimited(),
                ScanListener.none(),
                new StoredPartials(store, UserPrivacy.plain(), false),
                Instant.EPOCH);
    // The function asks this for its report.
    assertThat(Status.gaps(ledger, Worlds.settings(), report.scan().cursor())).isEmpty();
    return report;
  }

  /** A store that counts by the requests that S3 would get. */
  private static final class Counted implements ObjectStore {
    private final ObjectStore store;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    Counted(ObjectStore store) {
      this.store = store;
    }

    private void count(String request) {
      counts.merge(request, 1, Integer::sum);
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      count("GET");
      return store.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      count("PUT");
      return store.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      count("PUT");
      return store.replace(key, body, expected, attributes);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      count("LIST");
      return store.list(prefix);
    }

    @Override
    public String location() {
      return store.location();
    }
  }
}
