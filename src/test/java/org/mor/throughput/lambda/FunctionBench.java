package org.mor.throughput.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures environments: {@code FunctionBench ROUNDS ROOT [FLAG...]}; see bench/lambda. */
final class FunctionBench {
  private FunctionBench() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    Path root = Path.of(arguments[1]).toAbsolutePath();
    String[] flags = Arrays.copyOfRange(arguments, 2, arguments.length);
    boolean initOnly = Boolean.getBoolean("init.only");
    List<List<Long>> columns = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      columns.add(new ArrayList<>());
    }
    try (FunctionWorld world = new FunctionWorld()) {
      for (int round = 0; round < rounds; round++) {
        List<Long> row = measure(root, flags, world.variables(), initOnly);
        for (int i = 0; i < row.size(); i++) {
          columns.get(i).add(row.get(i));
        }
      }
    }
    System.out.printf(
        "init %d ms (cpu %d), first run %d ms (cpu %d), second run %d ms, peak %d MB%n",
        columns.stream().map(FunctionBench::median).toArray());
    System.exit(0);
  }

  private static List<Long> measure(
      Path root, String[] flags, Map<String, String> variables, boolean initOnly)
      throws InterruptedException {
    long start = System.nanoTime();
    try (FunctionProcess function = new FunctionProcess(root, variables, flags)) {
      if (!function.api.ready().await(3, TimeUnit.MINUTES)) {
        throw new IllegalStateException(function.log());
      }
      long init = millisSince(start);
      long initCpu = cpuMillis(function);
      if (initOnly) {
        return List.of(init, initCpu, 0L, 0L, 0L, peakMegabytes(function));
      }
      long before = System.nanoTime();
      function.report("{\"force_rollup\":true}", Duration.ofMinutes(10));
      long first = millisSince(before);
      long firstCpu = cpuMillis(function) - initCpu;
      before = System.nanoTime();
      function.report("{\"force_rollup\":true}", Duration.ofMinutes(10));
      return List.of(init, initCpu, first, firstCpu, millisSince(before), peakMegabytes(function));
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

  private static Object median(List<Long> values) {
    Collections.sort(values);
    return values.isEmpty() ? 0L : values.get(values.size() / 2);
  }
}
