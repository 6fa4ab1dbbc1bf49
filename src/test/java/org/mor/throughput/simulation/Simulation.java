package org.mor.throughput.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
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
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainReorganisedException;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.CloseRefresh;
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
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException;

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
      switch (random.nextInt(8)) {
        case 0 -> attempt(() -> refresh(process));
        case 1 -> attempt(() -> rewind(process, World.START + random.nextInt(100)));
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
    rewindWhereARunDoesNot();
    int driver = machine.stage.driver();
    long last = World.LAST_HEAD - World.LAG;
    for (int i = 0; i < 2; i++) {
      scheduled(machine.new Process(driver), Publishing.NEVER);
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
    machine.auditor.requireCompleteness();
    again.rollup().run(again.chain, again.patience, PartialCache.none(), Instant.EPOCH);
  }

  /** As the message of a run that stops says; to where scanning starts where it names no block. */
  private void rewindWhereARunDoesNot() {
    Machine.Process process = machine.new Process(machine.stage.driver());
    try {
      scheduled(process, Publishing.NEVER);
    } catch (ChainReorganisedException e) {
      Matcher named = Pattern.compile("rewind --to-block (\\d+)").matcher(e.getMessage());
      long block = named.find() ? Long.parseLong(named.group(1)) : World.START - 1;
      rewind(process, block);
    }
  }

  private void rewind(Machine.Process process, long block) {
    new Rewind(Optional.of(process.chain), machine.settings(0), process.ledger).run(block, false);
  }

  /**
   * Everything but the cursor, which says who wrote it and how often. How often the store was
   * rewound, where commits ended and what depends on that is left out.
   */
  private Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    machine
        .bucket
        .list("")
        .forEach(
            object -> {
              if (!object.key().equals(CursorStore.KEY)) {
                byte[] body = machine.bucket.find(object.key()).orElseThrow().body();
                content.put(object.key().value(), lasting(object.key().value(), body));
              }
            });
    return content;
  }

  private static String lasting(String key, byte[] body) {
    String text = new String(body, ISO_8859_1);
    if (key.startsWith("raw/")) {
      return text;
    }
    return text.replaceAll(",\"generation\":\\d+", "")
        .replaceAll(",\"rewind\":\\{[^}]*}", "")
        .replaceAll(",\"hosts\":.*", "}")
        .replaceAll("\"[0-9a-f]{64}\"", "\"\"");
  }
}
