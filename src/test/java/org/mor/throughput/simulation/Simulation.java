package org.mor.throughput.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.adapter.rpc.PlayedEndpoints;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.index.RefreshListener;
import org.mor.throughput.index.RefreshRequest;
import org.mor.throughput.index.Rewind;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScheduledReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.index.ScheduledRun.Publishing;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

/**
 * Two scheduled runs and a backfill on one store, again and again, while things go wrong; then a
 * calm in which the same runs must end in the same bytes as if nothing had ever happened.
 */
final class Simulation {
  /** What came of a seed. */
  record Outcome(
      long hash, List<Cell> fired, int runs, int failed, int steps, int forks, int rewinds) {}

  private final Machine machine;
  private final Random random;
  private final Sabotage sabotage;

  /** Whether all writers run at the same time, which is rare in life. */
  private final boolean together;

  private final List<SessionRow> staleRows = new ArrayList<>();
  private int runs;
  private int failed;

  Simulation(long seed, Sabotage sabotage) {
    this.machine = new Machine(seed, new World(variant(seed)), sabotage);
    this.random = machine.stage.random();
    this.sabotage = sabotage;
    this.together = random.nextInt(4) > 0;
  }

  /** There are a few histories, and what must come of each is computed once. */
  static int variant(long seed) {
    return (int) Math.floorMod(seed, 8L);
  }

  /** The store after runs that nothing disturbed. */
  static Map<String, String> undisturbed(int variant) {
    Simulation simulation = new Simulation(variant, Sabotage.NONE);
    simulation.settle();
    return simulation.content();
  }

  /**
   * The store after runs that nothing disturbed, on the chain that came of a reorganisation. A
   * model's name is never forgotten, also where the only close that showed it never happened.
   */
  private static Map<String, String> undisturbedFork(
      long seed, long fork, Optional<StoredObject> models) {
    Simulation simulation = new Simulation(variant(seed), Sabotage.NONE);
    models.ifPresent(names -> simulation.machine.bucket.put(ModelCatalogStore.KEY, names.body()));
    simulation.machine.world.reorganise(seed, fork);
    simulation.settle();
    return simulation.content();
  }

  /**
   * Plays, while the chain reorganises in the middle; an operator rewinds, and the writers go on,
   * one of which still merges rows of the fork. In the end the documents are those of the new
   * chain, every row that counts is true, and at no time was a true row retracted.
   */
  Outcome reorganise() {
    machine.willReorganise(1 + random.nextInt(120), 1 + random.nextInt(120));
    machine.stage.play(List.of(() -> scheduled(0), () -> scheduled(1), () -> backfills(2)));
    long fork = machine.fork();
    staleRows.addAll(StoredRows.copy(machine.bucket).list("raw/").isEmpty() ? List.of() : rows());
    Machine.Process operator = machine.new Process(machine.stage.driver());
    attempt(() -> rewind(operator, fork - random.nextInt(15)));
    machine.stage.play(List.of(() -> scheduled(0), () -> scheduled(1), () -> backfills(2)));
    settle();
    machine.auditor.requireTheTruth();
    Map<String, String> expected =
        documents(
            undisturbedFork(machine.seed(), fork, machine.bucket.find(ModelCatalogStore.KEY)));
    Map<String, String> published = documents(content());
    for (String key : expected.keySet()) {
      Auditor.require(
          expected.get(key).equals(published.get(key)),
          "%s is not that of the new chain: %s instead of %s",
          key,
          published.get(key),
          expected.get(key));
    }
    return outcome();
  }

  private static Map<String, String> documents(Map<String, String> content) {
    Map<String, String> documents = new TreeMap<>(content);
    documents
        .keySet()
        .removeIf(
            key ->
                key.startsWith("raw/")
                    || key.startsWith("state/")
                    || key.startsWith(Auditor.MONTHS_OF_CELLS));
    return documents;
  }

  private List<SessionRow> rows() {
    List<SessionRow> rows = new ArrayList<>();
    Ledger ledger = Worlds.ledger(StoredRows.copy(machine.bucket));
    for (RowKind kind : RowKind.values()) {
      ledger.rows().months(kind).forEach(m -> ledger.rows().forEachLive(kind, m, rows::add));
    }
    return rows;
  }

  /** What a writer merges that has read it before the chain reorganised. */
  private void mergeStale(Machine.Process process) {
    SessionRow row = staleRows.get(random.nextInt(staleRows.size()));
    if (row instanceof OpenRow open) {
      process.ledger.rows().merge(List.of(open), List.of());
    } else {
      process.ledger.rows().merge(List.of(), List.of((CloseRow) row));
    }
  }

  Outcome run(Map<String, String> undisturbed) {
    machine.stage.play(List.of(() -> scheduled(0), () -> scheduled(1), () -> backfills(2)));
    settle();
    machine.auditor.requireAllOfItOnTheChain();
    Map<String, String> content = content();
    for (String key : undisturbed.keySet()) {
      Auditor.require(
          undisturbed.get(key).equals(content.get(key)), "%s is not as undisturbed", key);
    }
    content
        .keySet()
        .removeIf(key -> key.startsWith(Auditor.MONTHS_OF_CELLS) && !undisturbed.containsKey(key));
    Auditor.require(content.keySet().equals(undisturbed.keySet()), "%s", content.keySet());
    return outcome();
  }

  private Outcome outcome() {
    return new Outcome(
        machine.stage.hash(),
        machine.weather.fired(),
        runs,
        failed,
        machine.stage.trace().size(),
        machine.reorganisations(),
        machine.auditor.generation());
  }

  List<String> trace() {
    return machine.stage.trace();
  }

  private void scheduled(int actor) {
    for (int i = 0; i < 2; i++) {
      Machine.Process process = machine.new Process(actor);
      process.pause(Duration.ofSeconds(random.nextInt(together ? 30 : 2_400)));
      boolean publishes = random.nextInt(8) == 0;
      attempt(() -> scheduled(process, publishes ? Publishing.WHEN_NEW : Publishing.NEVER));
    }
  }

  private ScheduledReport scheduled(Machine.Process process, Publishing publishing) {
    int refreshed = random.nextInt(2) * 20;
    return new ScheduledRun(
            process.chain,
            machine.settings(refreshed),
            process.ledger,
            process.rollup(),
            process.patience)
        .run(publishing, hurry(), ScanListener.none(), PartialCache.none(), Instant.EPOCH);
  }

  private RunBudget hurry() {
    return () -> random.nextInt(8) > 0;
  }

  private void backfills(int actor) {
    for (int i = 0; i < 3; i++) {
      Machine.Process process = machine.new Process(actor);
      process.pause(Duration.ofSeconds(random.nextInt(together ? 30 : 2_400)));
      if (!staleRows.isEmpty()) {
        attempt(() -> mergeStale(process));
      }
      switch (random.nextInt(8)) {
        case 0 -> attempt(() -> refresh(process));
        case 1 -> {
          // Nothing may be known of the blocks up to it: an operator takes one before the change.
          long block = Math.min(machine.lastKept(), World.START + random.nextInt(100));
          attempt(() -> rewind(process, block));
        }
        case 2 ->
            attempt(
                () ->
                    process
                        .rollup()
                        .run(process.chain, process.patience, PartialCache.none(), Instant.EPOCH));
        default -> {
          long first = World.START + random.nextInt(100);
          OptionalLong last = OptionalLong.of(first + random.nextInt(80));
          boolean rescan = random.nextInt(3) == 0;
          attempt(() -> backfill(process, new BackfillRequest(first, last, rescan), hurry()));
        }
      }
    }
  }

  private void refresh(Machine.Process process) {
    new CloseRefresh(process.chain, machine.settings(0), process.ledger, process.patience)
        .run(
            new RefreshRequest(
                List.copyOf(process.ledger.rows().months(RowKind.CLOSES)), 20, 0, false),
            RefreshListener.none());
  }

  private void backfill(Machine.Process process, BackfillRequest request, RunBudget budget) {
    Backfill backfill =
        new Backfill(process.chain, machine.settings(0), process.ledger, process.patience);
    backfill.run(backfill.plan(request), budget, ScanListener.none());
  }

  /** A run may end in every way that is foreseen, and may not say a secret. */
  private void attempt(Runnable run) {
    runs++;
    try {
      run.run();
    } catch (Machine.Killed killed) {
      failed++;
    } catch (StoreException
        | CorruptObjectException
        | ChainException
        | BadRequestException
        | NotIndexedException foreseen) {
      failed++;
      machine.stage.note("  ended: " + foreseen.getClass().getSimpleName());
      requireNoSecret(foreseen);
    }
  }

  private void requireNoSecret(RuntimeException thrown) {
    String leak = sabotage == Sabotage.KEY_IN_AN_ERROR ? PlayedEndpoints.KEY : "";
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      Auditor.require(
          !(t + leak).contains(PlayedEndpoints.KEY),
          "I9: an error shows the key: %s",
          t.getClass());
    }
  }

  private void settle() {
    machine.calms();
    int driver = machine.stage.driver();
    long last = World.LAST_HEAD - World.LAG;
    for (int i = 0; i < 3; i++) {
      asOperatorsDo(() -> scheduled(machine.new Process(driver), Publishing.NEVER));
    }
    BlockRange all = new BlockRange(World.START, last);
    Machine.Process process = machine.new Process(driver);
    OptionalLong open = OptionalLong.empty();
    backfill(process, new BackfillRequest(World.START, open, false), RunBudget.unlimited());
    Auditor.require(
        process.ledger.coverage().find().ranges().equals(List.of(all)), "I1: a gap is left");
    Auditor.require(
        process.ledger.cursor().find().orElseThrow().lastBlock() == last, "I4: not at the head");
    if (!machine.weather.lied()) {
      machine.auditor.requireCompleteness();
    }
    Machine.Process again = machine.new Process(driver);
    backfill(again, new BackfillRequest(World.START, open, true), RunBudget.unlimited());
    rewindBelowSuspects(again);
    machine.auditor.requireCompleteness();
    var suspects = again.ledger.suspects().rows();
    Auditor.require(suspects.isEmpty(), "I14: suspects are left: %s", suspects);
    again.rollup().run(again.chain, again.patience, PartialCache.none(), Instant.EPOCH);
  }

  /** Runs that stop say what to do: rewind, to where scanning starts where they name no block. */
  private void asOperatorsDo(Runnable run) {
    try {
      run.run();
    } catch (ChainReorganisedException e) {
      Matcher named = Pattern.compile("rewind --to-block (\\d+)").matcher(e.getMessage());
      long block = named.find() ? Long.parseLong(named.group(1)) : World.START - 1;
      rewind(machine.new Process(machine.stage.driver()), block);
      run.run();
    }
  }

  /** As operations.md says of rows whose blocks are vouched for by what was kept since. */
  private void rewindBelowSuspects(Machine.Process process) {
    OptionalLong lowest = process.ledger.suspects().rows().stream().mapToLong(Suspect::block).min();
    if (lowest.isPresent()) {
      Auditor.require(machine.lastKept() < Long.MAX_VALUE, "I14: suspects without a fork");
      rewind(process, Math.max(World.START, lowest.getAsLong()) - 1);
      backfill(
          process,
          new BackfillRequest(World.START, OptionalLong.empty(), true),
          RunBudget.unlimited());
    }
  }

  private void rewind(Machine.Process process, long block) {
    new Rewind(Optional.of(process.chain), machine.settings(0), process.ledger).run(block, false);
  }

  /**
   * Everything but suspects, which are none, and the cursor, which says who wrote it. How often the
   * store was rewound, where commits ended and what depends on that is left out.
   */
  private Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    machine
        .bucket
        .list("")
        .forEach(
            object -> {
              if (!object.key().equals(CursorStore.KEY) && !object.key().equals(SuspectStore.KEY)) {
                byte[] body = machine.bucket.find(object.key()).orElseThrow().body();
                content.put(object.key().value(), lasting(object.key().value(), body));
              }
            });
    return content;
  }

  private static String lasting(String key, byte[] body) {
    String text = key.startsWith("raw/") ? StoredRows.text(body) : new String(body, ISO_8859_1);
    return StoredRows.lasting(text);
  }
}
