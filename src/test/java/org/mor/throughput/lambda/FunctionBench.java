package org.mor.throughput.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures environments in turns, each variant once a round: {@code FunctionBench ROUNDS
 * NAME,ROOT,HANDLER[,FLAG]...}; see bench/lambda.
 */
final class FunctionBench {
  private record Variant(String name, Path root, String handler, List<String> flags) {
    static Variant of(String text) {
      List<String> parts = List.of(text.split(",", -1));
      return new Variant(
          parts.get(0),
          Path.of(parts.get(1)).toAbsolutePath(),
          parts.get(2),
          parts.subList(3, parts.size()));
    }
  }

  /** Milliseconds, and megabytes at the end. */
  private record Sample(
      long init, long initCpu, long first, long firstCpu, long second, long peak) {}

  private FunctionBench() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    List<Variant> variants = Arrays.stream(arguments).skip(1).map(Variant::of).toList();
    List<List<Sample>> samples = new ArrayList<>();
    variants.forEach(variant -> samples.add(new ArrayList<>()));
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < variants.size(); i++) {
        Sample sample = measure(variants.get(i));
        if (round >= 0) { // before that the files come into the page cache
          samples.get(i).add(sample);
        }
      }
    }
    BenchTable table = new BenchTable();
    for (int i = 0; i < variants.size(); i++) {
      table.row(
          variants.get(i).name(),
          column(samples.get(i), Sample::init),
          column(samples.get(i), Sample::initCpu),
          column(samples.get(i), Sample::first),
          column(samples.get(i), Sample::firstCpu),
          column(samples.get(i), Sample::second),
          column(samples.get(i), Sample::peak));
    }
    System.exit(0);
  }

  private static long[] column(
      List<Sample> samples, java.util.function.ToLongFunction<Sample> figure) {
    return samples.stream().mapToLong(figure).toArray();
  }

  private static Sample measure(Variant variant) throws InterruptedException {
    System.setProperty("bench.handler", variant.handler());
    try (FunctionWorld world = new FunctionWorld()) {
      return measure(variant, world.variables());
    }
  }

  private static Sample measure(Variant variant, Map<String, String> variables)
      throws InterruptedException {
    long start = System.nanoTime();
    try (FunctionProcess function =
        new FunctionProcess(variant.root(), variables, variant.flags().toArray(String[]::new))) {
      if (!function.api.ready().await(3, TimeUnit.MINUTES)) {
        throw new IllegalStateException(function.log());
      }
      long init = millisSince(start);
      long initCpu = cpuMillis(function);
      long before = System.nanoTime();
      invoke(function);
      long first = millisSince(before);
      long firstCpu = cpuMillis(function) - initCpu;
      before = System.nanoTime();
      invoke(function);
      return new Sample(
          init, initCpu, first, firstCpu, millisSince(before), peakMegabytes(function));
    }
  }

  private static void invoke(FunctionProcess function) {
    FakeRuntimeApi.Ended ended = function.run("{\"force_rollup\":true}", Duration.ofMinutes(10));
    if (!ended.ok()) {
      throw new IllegalStateException(ended.body() + "\n" + function.log());
    }
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static long cpuMillis(FunctionProcess function) {
    return function.process().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
  }

  /** The most memory that was ever resident (VmHWM). */
  static long peakMegabytes(FunctionProcess function) {
    Path status = Path.of("/proc/" + function.process().pid() + "/status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
