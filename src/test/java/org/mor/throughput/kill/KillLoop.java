package org.mor.throughput.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Runs the commands in rounds, kills them with SIGKILL at random moments and runs each again until
 * it is done; then the store must hold what it holds when nobody was killed.
 */
final class KillLoop {
  /** Where the store was when a process died. */
  enum Landed {
    BEFORE_THE_FIRST_WRITE,
    BETWEEN_WRITES,
    AFTER_THE_LAST_WRITE
  }

  private static final double ONE_MORE_KILL = 0.7;
  private static final int LONGEST_RUN_SECONDS = 600;

  /** How long a stage takes, and how many steps the meter counts, when nobody disturbs it. */
  private record Usual(long millis, int steps) {}

  private final KillSetting setting;
  private final Random random;
  private final Consumer<String> says;
  private final Map<String, Usual> usual = new HashMap<>();
  private final Map<String, Map<String, String>> expected = new HashMap<>();
  private final Map<Landed, Integer> landed = new EnumMap<>(Landed.class);
  private int kills;

  KillLoop(KillSetting setting, long seed, Consumer<String> says) {
    this.setting = setting;
    this.random = new Random(seed);
    this.says = says;
  }

  /** Goes on until so many processes were killed; where the kills landed. */
  Map<Landed, Integer> run(int wanted) throws IOException, InterruptedException {
    runCalmly();
    for (int round = 1; kills < wanted; round++) {
      String name = "round-" + round;
      for (String stage : setting.stages()) {
        killAndFinish(name, stage, wanted);
      }
    }
    return landed;
  }

  /** What the store holds after the last stage. */
  String digest() {
    List<String> stages = setting.stages();
    return StoreDigest.summary(expected.get(stages.get(stages.size() - 1)));
  }

  private void runCalmly() throws IOException, InterruptedException {
    for (String stage : setting.stages()) {
      IntSupplier meter = setting.meter("calm");
      long started = System.nanoTime();
      requireDone(start("calm", stage), "calm", stage);
      Usual took = new Usual((System.nanoTime() - started) / 1_000_000, meter.getAsInt());
      usual.put(stage, took);
      expected.put(stage, digests("calm"));
      says.accept(
          "undisturbed: %s, %d ms, %d steps, %d objects, digest %s"
              .formatted(
                  stage,
                  took.millis(),
                  took.steps(),
                  expected.get(stage).size(),
                  StoreDigest.summary(expected.get(stage))));
    }
  }

  private void killAndFinish(String round, String stage, int wanted)
      throws IOException, InterruptedException {
    Map<String, String> before = digests(round);
    List<String> deaths = new ArrayList<>();
    boolean done = false;
    while (!done) {
      boolean spare = kills >= wanted || (!deaths.isEmpty() && random.nextDouble() > ONE_MORE_KILL);
      IntSupplier meter = setting.meter(round);
      Process process = start(round, stage);
      String moment = spare ? "" : awaitMoment(process, meter, usual.get(stage));
      if (moment.isEmpty()) {
        requireDone(process, round, stage);
        done = true;
      } else {
        process.destroyForcibly().waitFor();
        deaths.add(moment + " " + landed(round, stage, before));
      }
    }
    requireSame(round, stage);
    says.accept(
        "%s, %s: killed at %s; done, same digest (%d kills so far)"
            .formatted(round, stage, deaths, kills));
  }

  /**
   * Waits for a random moment, half of the time a step of the meter; empty when it came too late.
   */
  private String awaitMoment(Process process, IntSupplier meter, Usual took)
      throws InterruptedException {
    boolean byTime = random.nextInt(4) == 0;
    long millis =
        byTime ? 1 + (long) (random.nextDouble() * took.millis()) : LONGEST_RUN_SECONDS * 1_000L;
    int step = byTime || took.steps() == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(took.steps());
    long shortly = random.nextInt(15);
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < deadline && meter.getAsInt() < step) {
      if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
        return "";
      }
    }
    return process.waitFor(shortly, TimeUnit.MILLISECONDS)
        ? ""
        : byTime ? millis + " ms" : "step " + step;
  }

  private Landed landed(String round, String stage, Map<String, String> before) {
    kills++;
    Map<String, String> now = digests(round);
    Landed where =
        now.equals(expected.get(stage))
            ? Landed.AFTER_THE_LAST_WRITE
            : now.equals(before) ? Landed.BEFORE_THE_FIRST_WRITE : Landed.BETWEEN_WRITES;
    landed.merge(where, 1, Integer::sum);
    return where;
  }

  private void requireSame(String round, String stage) {
    Map<String, String> found = digests(round);
    Map<String, String> wanted = expected.get(stage);
    if (!found.equals(wanted)) {
      List<String> different = new ArrayList<>();
      wanted.forEach(
          (key, hash) -> {
            if (!hash.equals(found.get(key))) {
              different.add(key);
            }
          });
      found.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(different::add);
      throw new AssertionError(
          "After %s in %s these objects differ from an undisturbed run: %s"
              .formatted(stage, setting.location(round), different));
    }
  }

  private Process start(String round, String stage) throws IOException {
    List<String> command = new ArrayList<>(setting.program());
    command.addAll(List.of(stage.replace(KillSetting.FORK, "").split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(setting.environment(round, stage));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log(round).toFile()));
    return builder.start();
  }

  private void requireDone(Process process, String round, String stage)
      throws IOException, InterruptedException {
    boolean ended = process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(
          "%s in %s %s:%n%s"
              .formatted(
                  stage,
                  setting.location(round),
                  ended
                      ? "ended with exit code " + process.exitValue()
                      : "took longer than %d s".formatted(LONGEST_RUN_SECONDS),
                  Files.readString(log(round))));
    }
  }

  private Path log(String round) {
    return setting.work().resolve(round + ".log");
  }

  private Map<String, String> digests(String round) {
    return StoreDigest.of(setting.objects(round));
  }
}
