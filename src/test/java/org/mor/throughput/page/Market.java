package org.mor.throughput.page;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * A market of 70 days as rows, and the documents that the program's own {@code rollup} made of it.
 * Models from {@link #GATE_MODELS} on have exactly as many speed samples as their number says.
 */
record Market(Path directory, List<Close> closes) {
  static final Instant AS_OF = Instant.parse("2026-04-16T13:21:18Z");
  static final long FIRST_BLOCK = 39_593_197;
  static final long LAST_BLOCK = 45_000_000;
  static final int GATE_MODELS = 20;
  private static final List<Integer> GATES = List.of(29, 30, 31, 71, 72, 73, 367, 368, 369);
  private static final int DAYS = 70;
  private static final int PER_DAY = 36;

  static Market make(Path directory) throws IOException, InterruptedException {
    return of(directory, closes(new Random(7)), Map.of());
  }

  /** Documents of these closes under these settings. */
  static Market of(Path directory, List<Close> closes, Map<String, String> settings)
      throws IOException, InterruptedException {
    write(directory, closes);
    rollup(directory, settings);
    return new Market(directory, closes);
  }

  private static List<Close> closes(Random random) {
    List<Close> closes = new ArrayList<>();
    long now = AS_OF.getEpochSecond();
    for (int i = 0; i < DAYS * PER_DAY; i++) {
      long at = now - (long) (random.nextDouble() * DAYS * 86_400);
      int model = 1 + (int) (6 * Math.pow(random.nextDouble(), 1.6));
      int provider = 1 + (int) (5 * Math.pow(random.nextDouble(), 1.4));
      closes.add(close(random, closes.size(), model, provider, at));
    }
    // Two receipts that nobody can believe.
    closes.add(
        new Close(
            closes.size(), 1, 1, 1, now - 86_400, 10, false, 900_000_000, 900, 10, 4_000_000_000L));
    closes.add(
        new Close(
            closes.size(),
            2,
            1,
            1,
            now - 172_800,
            10,
            false,
            800_000_000,
            900,
            10,
            4_100_000_000L));
    for (int samples : GATES) {
      for (int i = 0; i < samples; i++) {
        long at = now - 3_600 - (long) i * (14 * 86_400) / samples;
        closes.add(
            new Close(
                closes.size(),
                samples,
                7,
                i % 9,
                at,
                600,
                false,
                40_000 + 13L * i,
                900 + i,
                50,
                60));
      }
    }
    return closes;
  }

  private static Close close(Random random, int number, int model, int provider, long at) {
    boolean idle = random.nextInt(6) == 0;
    long speed = idle ? 0 : (long) (1000 * (30 + 12 * provider + 20 * random.nextDouble()));
    long wait = idle ? 0 : (long) (400 + 300.0 * model + 2000 * random.nextDouble());
    return new Close(
        number,
        model,
        provider,
        random.nextInt(40),
        at,
        60 + random.nextInt(7000),
        random.nextInt(14) == 0,
        speed,
        random.nextInt(60) == 0 ? 45_000 : wait,
        idle ? 0 : (long) Math.exp(3 + 8 * random.nextDouble()),
        idle ? 0 : (long) Math.exp(3 + 6 * random.nextDouble()));
  }

  private static void write(Path directory, List<Close> closes) throws IOException {
    Map<YearMonth, List<Close>> months =
        closes.stream()
            .sorted(Comparator.comparingInt(Close::number))
            .collect(Collectors.groupingBy(Market::month, TreeMap::new, Collectors.toList()));
    for (Map.Entry<YearMonth, List<Close>> month : months.entrySet()) {
      Path file = directory.resolve("raw/closes/" + month.getKey() + ".ndjson.gz");
      Files.createDirectories(file.getParent());
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        for (Close close : month.getValue()) {
          out.write(close.line().getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    Path state = Files.createDirectories(directory.resolve("state"));
    Files.writeString(
        state.resolve("cursor.json"),
        """
        {"last_block":%d,"last_run":"%s","last_block_hash":"%s","last_block_time":%d,"seq":1,\
        "write_id":"page","network":"base","diamond":"0x6abe1d282f72b474e54527d93b979a4f64d3030a",\
        "version":2}"""
            .formatted(LAST_BLOCK, AS_OF, Ids.hex("99", 64, 1), AS_OF.getEpochSecond()));
    Files.writeString(
        state.resolve("coverage.json"),
        "{\"version\":1,\"ranges\":[[%d,%d]]}".formatted(FIRST_BLOCK, LAST_BLOCK));
    Files.writeString(directory.resolve("stuck-sessions.json"), STUCK.formatted(LAST_BLOCK, AS_OF));
  }

  String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private static final String STUCK =
      """
      {"schemaVersion":1,"network":"base","diamond":"0x6abe1d282f72b474e54527d93b979a4f64d3030a",\
      "asOfBlock":%d,"asOfTime":"%s","generatedAt":"2026-04-16T13:22:00Z","stuckExpired":7,\
      "morLocked":1234.5,"byAge":{"under1h":1,"from1hTo24h":2,"over24h":4},"topProviders":[{"provider":\
      "0xcd00000000000000000000000000000000000001","count":7,"morLocked":1234.5}],"openActive":3,\
      "closedWithoutEvent":0}
      """;

  private static YearMonth month(Close close) {
    return YearMonth.from(Instant.ofEpochSecond(close.closedAt()).atOffset(ZoneOffset.UTC));
  }

  /** The command line in a process of its own, as an operator runs it. */
  private static void rollup(Path directory, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path said = directory.resolve("rollup.txt");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.mor.throughput.cli.Main",
            "rollup");
    command.environment().putAll(settings);
    command.environment().put("STORE", "file:" + directory.toAbsolutePath());
    command.environment().put("BASE_RPC_URL", "http://127.0.0.1:9/");
    Process process = command.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("rollup failed: " + Files.readString(said));
    }
  }
}
