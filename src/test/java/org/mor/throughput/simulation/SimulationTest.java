package org.mor.throughput.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real runs against a simulated bucket and simulated endpoints in virtual time, with faults;
 * all from a seed. {@code -Dsimulation.seeds=10000} runs more seeds, {@code -Dsimulation.seed=123}
 * one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("UnnecessaryAsync")
class SimulationTest {
  private static final long SEEDS = Long.getLong("simulation.seeds", 300);

  /** Ignored conditions show in one seed of thirty. */
  private static final long SHOWS_IN_SOME = 400;

  private static final long ENOUGH_FOR_EVERY_CELL = 3_000;

  private final Map<Integer, Map<String, String>> undisturbed = new HashMap<>();
  private final SecretWatch log = new SecretWatch();

  SimulationTest() {
    for (int variant = 0; variant < 8; variant++) {
      undisturbed.put(variant, Simulation.undisturbed(variant));
    }
  }

  @AfterAll
  void noLineOfTheLogShowedTheKey() {
    log.close();
    assertThat(log.leaks()).isEmpty();
  }

  @Test
  void whateverGoesWrongEveryRunEndsInTheSameBytes() {
    long began = System.nanoTime();
    Optional<Long> only = Optional.ofNullable(Long.getLong("simulation.seed"));
    LongStream seeds = only.map(LongStream::of).orElseGet(() -> LongStream.range(0, SEEDS));
    List<Simulation.Outcome> outcomes =
        seeds.parallel().mapToObj(seed -> run(seed, Sabotage.NONE)).toList();
    Map<Cell, Integer> fired = new HashMap<>();
    outcomes.forEach(
        outcome -> outcome.fired().forEach(cell -> fired.merge(cell, 1, Integer::sum)));
    report(outcomes, fired, (System.nanoTime() - began) / 1e9);
    if (only.isEmpty()) {
      assertThat(outcomes.stream().filter(outcome -> outcome.forks() > 0).count())
          .isGreaterThan(outcomes.size() / 3);
      assertThat(outcomes.stream().filter(outcome -> outcome.rewinds() > 0).count())
          .isGreaterThan(outcomes.size() / 10);
    }
    if (only.isEmpty() && SEEDS >= ENOUGH_FOR_EVERY_CELL) {
      assertThat(fired.keySet()).containsAll(Cell.ALL);
    } else if (only.isEmpty() && SEEDS >= Cell.ALL.size()) {
      assertThat(fired).hasSizeGreaterThan(Cell.ALL.size() * 9 / 10);
    }
  }

  @Test
  void afterAReorganisationEveryRunEndsInTheRowsOfTheNewChain() {
    Optional<Long> only = Optional.ofNullable(Long.getLong("simulation.seed"));
    LongStream seeds = only.map(LongStream::of).orElseGet(() -> LongStream.range(0, SEEDS / 2));
    List<Simulation.Outcome> outcomes =
        seeds.parallel().mapToObj(SimulationTest::reorganise).toList();
    assertThat(outcomes).isNotEmpty();
  }

  private static Simulation.Outcome reorganise(long seed) {
    Simulation simulation = new Simulation(seed, Sabotage.NONE);
    return tried(seed, simulation, simulation::reorganise);
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    for (long seed = 0; seed < 10; seed++) {
      assertThat(run(seed, Sabotage.NONE)).as("seed %d", seed).isEqualTo(run(seed, Sabotage.NONE));
    }
  }

  @Test
  void anotherSeedGivesAnotherTrace() {
    assertThat(LongStream.range(0, 10).map(seed -> run(seed, Sabotage.NONE).hash()).distinct())
        .hasSize(10);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatIsBrokenOnPurposeIsCaught(Sabotage sabotage) {
    List<String> caught = new ArrayList<>();
    for (long seed = 0; seed < SHOWS_IN_SOME && caught.isEmpty(); seed++) {
      try {
        new Simulation(seed, sabotage).run(undisturbed.get(Simulation.variant(seed)));
      } catch (Auditor.Broken broken) {
        caught.add("seed %d: %s".formatted(seed, broken.getMessage()));
      }
    }
    assertThat(caught).as("seeds that show %s", sabotage).hasSize(1);
    System.out.printf("simulation: %s is caught by %s%n", sabotage, caught.get(0));
  }

  private Simulation.Outcome run(long seed, Sabotage sabotage) {
    Simulation simulation = new Simulation(seed, sabotage);
    return tried(seed, simulation, () -> simulation.run(undisturbed.get(Simulation.variant(seed))));
  }

  private static Simulation.Outcome tried(
      long seed, Simulation simulation, Supplier<Simulation.Outcome> run) {
    try {
      return run.get();
    } catch (RuntimeException | Error broken) {
      List<String> trace = simulation.trace();
      throw new AssertionError(
          "Seed %d fails: %s%nreplay: mvn -B test -Dtest=SimulationTest -Dsimulation.seed=%d%n%s"
              .formatted(
                  seed,
                  broken,
                  seed,
                  String.join(
                      "\n",
                      trace.subList(
                          Math.max(0, trace.size() - Integer.getInteger("simulation.lines", 80)),
                          trace.size()))),
          broken);
    }
  }

  private static void report(
      List<Simulation.Outcome> outcomes, Map<Cell, Integer> fired, double seconds) {
    AtomicLong steps = new AtomicLong();
    AtomicLong runs = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    for (Simulation.Outcome outcome : outcomes) {
      steps.addAndGet(outcome.steps());
      runs.addAndGet(outcome.runs());
      failed.addAndGet(outcome.failed());
    }
    System.out.printf(
        "simulation: %,d seeds, %,d runs (%,d of them ended early), %,d steps, %,d faults, %,d reorganisations, %,d rewinds, %.1f s%n",
        outcomes.size(),
        runs.get(),
        failed.get(),
        steps.get(),
        fired.values().stream().mapToInt(Integer::intValue).sum(),
        outcomes.stream().mapToInt(Simulation.Outcome::forks).sum(),
        outcomes.stream().mapToInt(Simulation.Outcome::rewinds).sum(),
        seconds);
    for (Site site : Site.values()) {
      Map<Hit, Integer> row = new TreeMap<>();
      site.hits().forEach(hit -> row.put(hit, fired.getOrDefault(new Cell(site, hit), 0)));
      System.out.printf("simulation: %-17s %s%n", site, row);
    }
  }
}
